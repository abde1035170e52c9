package org.jmultiprocessing.manager;

import java.time.Duration;
import org.jmultiprocessing.pool.AsyncResult;

/** A result of a pool in its server. */
final class ResultReferent extends Referent {
    static final int GET = 1;
    static final int AWAIT = 2;
    static final int READY = 3;
    static final int SUCCESSFUL = 4;
    static final int CANCEL = 5;
    static final int IS_CANCELLED = 6;

    private final AsyncResult<?> result;

    ResultReferent(AsyncResult<?> result) {
        super(Description.of(Kind.RESULT));
        this.result = result;
    }

    @Override
    void call(int method, Object[] arguments, Caller caller, Reply reply) throws Exception {
        switch (method) {
            case GET:
                reply.value(result.get(duration(arguments)));
                break;
            case AWAIT:
                reply.value(result.await(duration(arguments)));
                break;
            case READY:
                reply.value(result.ready());
                break;
            case SUCCESSFUL:
                reply.value(result.successful());
                break;
            case CANCEL:
                reply.value(result.cancel((Boolean) arguments[0]));
                break;
            case IS_CANCELLED:
                reply.value(result.isCancelled());
                break;
            default:
                throw unknown(method);
        }
    }

    private static Duration duration(Object[] arguments) {
        long nanos = Arguments.number(arguments, 0);
        return nanos == BlockingReferent.FOREVER ? null : Duration.ofNanos(nanos);
    }

    @Override
    String text() {
        return result.toString();
    }
}
