package org.jmultiprocessing.manager;

import java.time.Duration;
import org.jmultiprocessing.pool.Pool;
import org.jmultiprocessing.pool.ResultIterator;

/** The results of an imap in their server. */
final class ResultsReferent extends Referent {
    static final int HAS_NEXT = 1;
    static final int NEXT = 2;
    static final int CLOSE = 3;

    private final ResultIterator<Object> results;
    /** Kept for as long as its results are wanted. */
    private final Pool pool;

    ResultsReferent(ResultIterator<Object> results, Pool pool) {
        super(Description.of(Kind.RESULTS));
        this.results = results;
        this.pool = pool;
    }

    @Override
    synchronized void call(int method, Object[] arguments, Caller caller, Reply reply) throws Exception {
        switch (method) {
            case HAS_NEXT:
                reply.value(results.hasNext());
                break;
            case NEXT:
                long nanos = Arguments.number(arguments, 0);
                reply.value(results.next(nanos == BlockingReferent.FOREVER ? null : Duration.ofNanos(nanos)));
                break;
            case CLOSE:
                results.close();
                break;
            default:
                throw unknown(method);
        }
    }

    @Override
    String text() {
        return "results of " + pool;
    }
}
