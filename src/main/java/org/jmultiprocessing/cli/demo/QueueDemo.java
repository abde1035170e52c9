package org.jmultiprocessing.cli.demo;

import java.util.concurrent.BlockingQueue;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.queue.Queue;

/** Queue: what one process puts in, another gets, and neither waits for the other to be there. */
final class QueueDemo {
    private QueueDemo() {
    }

    static void producer(BlockingQueue<String> queue) throws InterruptedException {
        queue.put("a");
    }

    static void consumer(BlockingQueue<String> queue) throws InterruptedException {
        System.out.println(queue.take());
    }

    static void main() throws InterruptedException {
        Queue<String> queue = new Queue<>(10);
        Process producer = new Process(QueueDemo::producer, queue);
        Process consumer = new Process(QueueDemo::consumer, queue);
        producer.start();
        consumer.start();
        producer.join();
        consumer.join();
        Outcome.require(producer, consumer);
    }
}
