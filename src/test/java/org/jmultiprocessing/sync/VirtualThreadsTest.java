package org.jmultiprocessing.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits of virtual threads park: on one carrier, one thread that waits for another does not keep it from running. */
@Timeout(60)
class VirtualThreadsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static FutureTask<Boolean> start(java.util.concurrent.Callable<Boolean> body) throws ReflectiveOperationException {
        Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        FutureTask<Boolean> task = new FutureTask<>(body);
        start.invoke(null, task);
        return task;
    }

    private static void waitForEachOther(Connection result) throws Exception {
        Lock lock = new Lock();
        RLock rlock = new RLock();
        Semaphore semaphore = new Semaphore(0);
        Event event = new Event();
        Condition condition = new Condition();
        Barrier barrier = new Barrier(2);
        lock.acquire();
        rlock.acquire();
        Event begun = new Event();
        List<FutureTask<Boolean>> tasks = new ArrayList<>();
        tasks.add(start(() -> {
            try (Held held = condition.hold()) {
                begun.set();
                return condition.await(LONG);
            }
        }));
        tasks.add(start(() -> lock.tryAcquire(LONG)));
        tasks.add(start(() -> rlock.tryAcquire(LONG)));
        tasks.add(start(() -> semaphore.tryAcquire(LONG)));
        tasks.add(start(() -> event.await(LONG)));
        tasks.add(start(() -> barrier.await(LONG) >= 0));
        // Runs on the one carrier only if none of those before keeps it.
        tasks.add(start(() -> {
            begun.await();
            lock.release();
            semaphore.release();
            event.set();
            try (Held held = condition.hold()) {
                condition.signalAll();
            }
            return barrier.await(LONG) >= 0;
        }));
        for (int i = 0; i < tasks.size(); i++) {
            if (i == 2) {
                rlock.release();
            }
            result.send(tasks.get(i).get(40, TimeUnit.SECONDS));
        }
    }

    @Test
    void aWaitOfOneLetsTheOthersRun() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads come with JDK 21: run with -Djmp.jdk=<a later JDK>");
        try (Pipe pipe = Pipe.duplex()) {
            Process child = Process.builder(VirtualThreadsTest::waitForEachOther, pipe.second())
                    .jvmOptions("-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1").start();
            for (int i = 0; i < 7; i++) {
                assertEquals(true, pipe.first().recv(LONG), "thread " + i);
            }
            assertTrue(child.join(LONG));
            child.close();
        }
    }
}
