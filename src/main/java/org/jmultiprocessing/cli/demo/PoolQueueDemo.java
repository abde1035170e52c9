package org.jmultiprocessing.cli.demo;

import java.util.concurrent.BlockingQueue;
import org.jmultiprocessing.manager.Manager;
import org.jmultiprocessing.pool.AsyncResult;
import org.jmultiprocessing.pool.Pool;

/** A manager's queue between the tasks of a pool. */
final class PoolQueueDemo {
    private PoolQueueDemo() {
    }

    static void producer(BlockingQueue<String> queue) throws InterruptedException {
        queue.put("a");
    }

    static void consumer(BlockingQueue<String> queue) throws InterruptedException {
        System.out.println(queue.take());
    }

    @SuppressWarnings("try") // Closed in the middle, as in Python, to wait for its end.
    static void main() throws InterruptedException {
        try (Manager manager = Manager.start(); Pool pool = new Pool(2)) {
            BlockingQueue<String> queue = manager.queue(10);
            AsyncResult<Void> produced = pool.runAsync(PoolQueueDemo::producer, queue);
            AsyncResult<Void> consumed = pool.runAsync(PoolQueueDemo::consumer, queue);
            pool.close();
            pool.join();
            produced.join();
            consumed.join();
        }
    }
}
