package org.jmultiprocessing.cli.demo;

import java.util.concurrent.ExecutionException;
import org.jmultiprocessing.Multiprocessing;
import org.jmultiprocessing.pool.AsyncResult;
import org.jmultiprocessing.pool.Pool;

/** Pool: a task for a worker, whose result is asked for when all is done. */
final class PoolDemo {
    private PoolDemo() {
    }

    static void main() throws InterruptedException {
        Pool pool = new Pool(Multiprocessing.cpuCount());
        AsyncResult<Integer> result = pool.applyAsync(ProcessDemo::getHtml, 3);
        pool.close();
        pool.join();
        try {
            System.out.println(result.get());
        } catch (ExecutionException e) {
            throw new IllegalStateException("the task failed", e.getCause());
        }
    }
}
