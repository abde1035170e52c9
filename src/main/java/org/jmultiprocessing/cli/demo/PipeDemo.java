package org.jmultiprocessing.cli.demo;

import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;

/** Pipe: what one process sends, another receives. */
final class PipeDemo {
    private PipeDemo() {
    }

    static void producer(Connection connection) throws InterruptedException {
        connection.send("a");
    }

    static void consumer(Connection connection) throws InterruptedException {
        System.out.println(connection.recv());
    }

    static void main() throws InterruptedException {
        Pipe pipe = Pipe.duplex();
        Process producer = new Process(PipeDemo::producer, pipe.second());
        Process consumer = new Process(PipeDemo::consumer, pipe.first());
        producer.start();
        consumer.start();
        producer.join();
        consumer.join();
        Outcome.require(producer, consumer);
    }
}
