package org.jmultiprocessing.manager;

import java.time.Duration;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jmultiprocessing.internal.os.Cleaning;
import org.jmultiprocessing.pool.AsyncResult;
import org.jmultiprocessing.pool.Pool;
import org.jmultiprocessing.pool.ResultIterator;
import org.jmultiprocessing.task.Function0;
import org.jmultiprocessing.task.Function1;
import org.jmultiprocessing.task.Function2;
import org.jmultiprocessing.task.Function3;
import org.jmultiprocessing.task.Function4;
import org.jmultiprocessing.task.Task;
import org.jmultiprocessing.task.Task1;
import org.jmultiprocessing.task.Task2;
import org.jmultiprocessing.task.Task3;
import org.jmultiprocessing.task.Task4;

/** A pool whose workers are children of the server. It is terminated when nobody has a proxy of it any more. */
@SuppressWarnings("unchecked") // What a function cannot deal with it throws, which is the caller's to see.
final class PoolReferent extends Referent {
    static final int APPLY = 1;
    static final int APPLY_ASYNC = 2;
    static final int MAP_ASYNC = 3;
    static final int STARMAP_ASYNC = 4;
    static final int IMAP = 5;
    static final int IMAP_UNORDERED = 6;
    static final int CLOSE = 7;
    static final int TERMINATE = 8;
    static final int JOIN = 9;

    private final Pool pool;

    /** @param initializer null for none */
    PoolReferent(int processes, Task initializer) {
        super(Description.of(Kind.POOL));
        pool = (initializer == null ? Pool.builder() : Pool.builder().initializer(initializer)).processes(processes).build();
        Cleaning.register(this, new Terminate(pool));
    }

    /** A class, not a lambda: it must not reach the referent. */
    private record Terminate(Pool pool) implements Runnable {
        @Override
        public void run() {
            pool.terminate();
        }
    }

    @Override
    void call(int method, Object[] arguments, Caller caller, Reply reply) throws Exception {
        switch (method) {
            case APPLY:
                reply.value(await(apply(Arguments.anyFunction(arguments, 0, caller), (List<Object>) arguments[1])));
                break;
            case APPLY_ASYNC:
                give(apply(Arguments.anyFunction(arguments, 0, caller), (List<Object>) arguments[1]), caller, reply);
                break;
            case MAP_ASYNC:
                give(map((Function1<Object, Object>) Arguments.anyFunction(arguments, 0, caller), (List<Object>) arguments[1],
                        Arguments.integer(arguments, 2)), caller, reply);
                break;
            case STARMAP_ASYNC:
                give(pool.starmapAsync((Function2<Object, Object, Object>) Arguments.anyFunction(arguments, 0, caller),
                        entries((List<List<Object>>) arguments[1])), caller, reply);
                break;
            case IMAP:
            case IMAP_UNORDERED:
                imap(method, (Function1<Object, Object>) Arguments.anyFunction(arguments, 0, caller), arguments, caller, reply);
                break;
            case CLOSE:
                pool.shutdown();
                break;
            case TERMINATE:
                pool.terminate();
                break;
            case JOIN:
                long nanos = Arguments.number(arguments, 0);
                reply.value(pool.join(nanos == BlockingReferent.FOREVER ? null : Duration.ofNanos(nanos)));
                break;
            default:
                throw unknown(method);
        }
    }

    private static void give(AsyncResult<?> result, Caller caller, Reply reply) {
        reply.object(caller.server().table().object(new ResultReferent(result)));
    }

    private static Object await(AsyncResult<?> result) throws InterruptedException {
        boolean ended = false;
        try {
            Object value = result.get();
            ended = true;
            return value;
        } catch (ExecutionException e) {
            ended = true;
            throw Failures.raise(e.getCause());
        } finally {
            if (!ended) {
                result.cancel(false);
            }
        }
    }

    private AsyncResult<?> apply(Object function, List<Object> a) {
        if (function instanceof Function0) {
            return pool.applyAsync((Function0<Object>) function);
        } else if (function instanceof Function1) {
            return pool.applyAsync((Function1<Object, Object>) function, a.get(0));
        } else if (function instanceof Function2) {
            return pool.applyAsync((Function2<Object, Object, Object>) function, a.get(0), a.get(1));
        } else if (function instanceof Function3) {
            return pool.applyAsync((Function3<Object, Object, Object, Object>) function, a.get(0), a.get(1), a.get(2));
        } else if (function instanceof Function4) {
            return pool.applyAsync((Function4<Object, Object, Object, Object, Object>) function, a.get(0), a.get(1), a.get(2), a.get(3));
        }
        return run(function, a);
    }

    private AsyncResult<?> run(Object task, List<Object> a) {
        if (task instanceof Task) {
            return pool.runAsync((Task) task);
        } else if (task instanceof Task1) {
            return pool.runAsync((Task1<Object>) task, a.get(0));
        } else if (task instanceof Task2) {
            return pool.runAsync((Task2<Object, Object>) task, a.get(0), a.get(1));
        } else if (task instanceof Task3) {
            return pool.runAsync((Task3<Object, Object, Object>) task, a.get(0), a.get(1), a.get(2));
        }
        return pool.runAsync((Task4<Object, Object, Object, Object>) task, a.get(0), a.get(1), a.get(2), a.get(3));
    }

    private AsyncResult<?> map(Function1<Object, Object> function, List<Object> elements, int chunkSize) {
        return chunkSize == PoolProxy.AUTO ? pool.mapAsync(function, elements) : pool.mapAsync(function, elements, chunkSize);
    }

    private static List<Map.Entry<Object, Object>> entries(List<List<Object>> pairs) {
        List<Map.Entry<Object, Object>> entries = new ArrayList<>(pairs.size());
        for (List<Object> pair : pairs) {
            entries.add(new AbstractMap.SimpleImmutableEntry<>(pair.get(0), pair.get(1)));
        }
        return entries;
    }

    private void imap(int method, Function1<Object, Object> function, Object[] arguments, Caller caller, Reply reply) {
        List<Object> elements = (List<Object>) arguments[1];
        int chunkSize = Arguments.integer(arguments, 2);
        ResultIterator<Object> results = method == IMAP ? pool.imap(function, elements, chunkSize)
                : pool.imapUnordered(function, elements, chunkSize);
        reply.object(caller.server().table().object(new ResultsReferent(results, pool)));
    }

    @Override
    String text() {
        return pool.toString();
    }
}
