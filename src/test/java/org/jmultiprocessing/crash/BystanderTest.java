package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.sync.Barrier;
import org.jmultiprocessing.sync.Event;
import org.jmultiprocessing.sync.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** SIGKILL of a process that has nothing to do with an object leaves that as it is, though all who wait in the tree look again. */
@Tag("smoke")
@Timeout(60)
class BystanderTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int ROUNDS = 3;

    private static void meet(Barrier barrier, int rounds) throws Exception {
        for (int i = 0; i < rounds; i++) {
            barrier.await();
        }
    }

    private static void waitFor(Event event, Connection ready) throws Exception {
        ready.send("ready");
        event.await();
    }

    private static void killBystander() throws Exception {
        Event never = new Event();
        Pipe pipe = Pipe.oneWay();
        try (Connection reader = pipe.reader(); Connection writer = pipe.writer()) {
            Process bystander = new Process(BystanderTest::waitFor, never, writer);
            bystander.start();
            assertEquals("ready", reader.recv(LONG));
            bystander.kill();
            bystander.join();
            bystander.close();
        }
    }

    @Test
    void aBarrierKeepsWhoHasArrived() throws Exception {
        Barrier barrier = new Barrier(2);
        Process other = new Process(BystanderTest::meet, barrier, ROUNDS);
        other.start();
        for (int i = 0; i < ROUNDS; i++) {
            while (barrier.nWaiting() == 0) {
                Thread.onSpinWait();
            }
            killBystander();
            assertEquals(1, barrier.nWaiting());
            barrier.await(LONG);
        }
        other.join();
        assertEquals(0, other.exitCode().orElseThrow());
        other.close();
        assertFalse(barrier.isBroken());
    }

    private static void takeTwo(Semaphore semaphore, Connection ready, Event over) throws Exception {
        semaphore.acquire();
        semaphore.acquire();
        ready.send("ready");
        over.await();
        semaphore.release();
        semaphore.release();
    }

    @Test
    void aSemaphoreKeepsWhoHasPermits() throws Exception {
        Semaphore semaphore = new Semaphore(5);
        Event over = new Event();
        semaphore.acquire();
        Pipe pipe = Pipe.oneWay();
        try (Connection reader = pipe.reader(); Connection writer = pipe.writer()) {
            Process taker = new Process(BystanderTest::takeTwo, semaphore, writer, over);
            taker.start();
            assertEquals("ready", reader.recv(LONG));
            killBystander();
            assertEquals(2, semaphore.getValue());
            over.set();
            taker.join();
            assertEquals(0, taker.exitCode().orElseThrow());
            taker.close();
        }
        assertEquals(4, semaphore.getValue());
        semaphore.release();
        assertEquals(5, semaphore.getValue());
        assertTrue(semaphore.tryAcquire());
        semaphore.release();
    }
}
