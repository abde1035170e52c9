package org.jmultiprocessing.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.sync.Barrier;
import org.jmultiprocessing.sync.Lock;
import org.jmultiprocessing.sync.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Four processes that want the same all the time: none waits for a second, none gets less than a fifth of what another gets. */
class FairnessTest {
    private static final int PROCESSES = 4;
    private static final double LEAST_SHARE = 0.2;

    private static void take(Object what) throws InterruptedException {
        if (what instanceof Lock lock) {
            lock.acquire();
        } else {
            ((Semaphore) what).acquire();
        }
    }

    private static void giveBack(Object what) {
        if (what instanceof Lock lock) {
            lock.release();
        } else {
            ((Semaphore) what).release();
        }
    }

    private static void contend(Object what, Barrier begin, Connection result, long millis) throws Exception {
        begin.await();
        long count = 0;
        long longest = 0;
        long now = System.nanoTime();
        long end = now + Duration.ofMillis(millis).toNanos();
        while (now < end) {
            take(what);
            giveBack(what);
            long then = now;
            now = System.nanoTime();
            longest = Math.max(longest, now - then);
            count++;
        }
        result.send(List.of(count, longest));
    }

    private static void assertFair(Object what, long millis) throws Exception {
        Barrier begin = new Barrier(PROCESSES);
        List<Pipe> pipes = new ArrayList<>();
        List<Process> children = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            Pipe pipe = Pipe.duplex();
            pipes.add(pipe);
            children.add(new Process(FairnessTest::contend, what, begin, pipe.second(), millis));
            children.get(i).start();
        }
        List<Long> counts = new ArrayList<>();
        List<Long> longest = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            List<?> result = (List<?>) pipes.get(i).first().recv(Duration.ofMillis(millis + 60_000));
            counts.add((Long) result.get(0));
            longest.add((Long) result.get(1) / 1_000_000);
            assertTrue(children.get(i).join(Duration.ofSeconds(30)));
            assertEquals(0, children.get(i).exitCode().orElseThrow());
            children.get(i).close();
        }
        pipes.forEach(Pipe::close);
        String figures = what + ": acquisitions " + counts + ", longest waits in ms " + longest;
        System.out.println(figures);
        assertTrue(Collections.max(longest) < 1_000, figures);
        assertTrue(Collections.min(counts) >= LEAST_SHARE * Collections.max(counts), figures);
    }

    @Test
    void aLockIsFair() throws Exception {
        assertFair(new Lock(), 3_000);
    }

    @Test
    void aSemaphoreIsFair() throws Exception {
        assertFair(new Semaphore(1), 3_000);
    }

    @Test
    @Tag("stress")
    void aLockIsFairForAMinute() throws Exception {
        assertFair(new Lock(), 60_000);
    }

    @Test
    @Tag("stress")
    void aSemaphoreIsFairForAMinute() throws Exception {
        assertFair(new Semaphore(2), 60_000);
    }
}
