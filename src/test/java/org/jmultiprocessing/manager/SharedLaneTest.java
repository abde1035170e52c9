package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.errors.ManagerException;
import org.jmultiprocessing.internal.registry.Tree;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.support.InThread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections for calls that are used so often that they go through shared memory: nothing else changes by that, whoever dies. */
@Timeout(60)
class SharedLaneTest {
    private static final int OFTEN = 100;
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Has the calling thread's next call go through shared memory. */
    private static <T> T often(T proxy) {
        for (int i = 0; i < OFTEN; i++) {
            proxy.toString();
        }
        return proxy;
    }

    private static Process server() {
        return Process.active().get(0);
    }

    @Test
    void callsGoThroughAFileWithoutAName() throws Exception {
        try (Manager manager = Manager.start()) {
            often(manager.lock());
            Path maps = Path.of("/proc/self/maps");
            assumeTrue(Files.exists(maps) && SharedTransport.isWorthwhile());
            assertTrue(Files.readString(maps).contains("/lane-"));
            assertEquals(List.of(), namesLeft());
        }
    }

    private static List<String> namesLeft() {
        String[] names = new File(Tree.current().directory()).list((directory, name) -> name.startsWith("lane-"));
        return Arrays.asList(names);
    }

    @Test
    void messagesOfAllLengths() throws Exception {
        try (Manager manager = Manager.start()) {
            DictProxy<Integer, byte[]> dict = often(manager.dict());
            for (int length : new int[] {0, 1, 1_000, 8_000, 8_020, 8_030, 8_040, 8_050, 8_064, 8_100, 70_000, 3_000_000, 5}) {
                byte[] bytes = new byte[length];
                ThreadLocalRandom.current().nextBytes(bytes);
                assertNull(dict.put(length, bytes));
                assertArrayEquals(bytes, dict.get(length));
                assertArrayEquals(bytes, dict.put(length, new byte[] {1}));
            }
            for (int length = 7_980; length < 8_080; length++) {
                byte[] bytes = new byte[length];
                dict.put(-1, bytes);
                assertEquals(length, dict.get(-1).length);
            }
        }
    }

    @Test
    void theServersDeathEndsACallThatWaits() throws Exception {
        try (Manager manager = Manager.start()) {
            QueueProxy<String> queue = manager.queue();
            FutureTask<String> blocked = InThread.run(() -> often(queue).take());
            awaitText(manager, "taking");
            server().kill();
            ManagerException failure = (ManagerException) assertThrows(ExecutionException.class, blocked::get).getCause();
            assertEquals(-9, failure.exitStatus().orElseThrow().code());
            assertThrows(ManagerException.class, queue::size);
        }
    }

    /** Long enough for the other thread to be in its call, mostly; the test holds also if it is not. */
    private static void awaitText(Manager manager, String why) throws InterruptedException {
        EventProxy never = manager.event();
        assertFalse(never.await(Duration.ofMillis(200)), why);
    }

    @Test
    void theServersDeathEndsCallsUnderWay() throws Exception {
        for (int round = 0; round < 3; round++) {
            try (Manager manager = Manager.start()) {
                DictProxy<Integer, Integer> dict = manager.dict();
                List<FutureTask<Void>> callers = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    callers.add(InThread.run(() -> {
                        often(dict);
                        while (true) {
                            dict.put(1, 1);
                        }
                    }));
                }
                awaitText(manager, "calling");
                server().kill();
                for (FutureTask<Void> caller : callers) {
                    Throwable failure = assertThrows(ExecutionException.class, caller::get).getCause();
                    assertEquals(ManagerException.class, failure.getClass(), failure::toString);
                }
            }
        }
    }

    @Test
    void shutdownEndsACallThatWaits() throws Exception {
        Manager manager = Manager.start();
        QueueProxy<String> queue = manager.queue();
        FutureTask<String> blocked = InThread.run(() -> often(queue).take());
        awaitText(manager, "taking");
        manager.close();
        Throwable failure = assertThrows(ExecutionException.class, blocked::get).getCause();
        assertEquals(ManagerException.class, failure.getClass(), failure::toString);
    }

    @Test
    void anInterruptEndsACallThatWaits() throws Exception {
        try (Manager manager = Manager.start()) {
            QueueProxy<String> queue = often(manager.queue());
            for (int i = 0; i < 20; i++) {
                Thread caller = Thread.currentThread();
                long nanos = ThreadLocalRandom.current().nextLong(1_000_000);
                FutureTask<Void> interrupter = InThread.run(() -> {
                    LockSupport.parkNanos(nanos);
                    caller.interrupt();
                    return null;
                });
                assertThrows(InterruptedException.class, queue::take);
                interrupter.get();
                queue.put("message");
                assertEquals("message", queue.take());
            }
        }
    }

    static void takeOften(LockProxy lock, QueueProxy<String> queue, EventProxy ready) throws InterruptedException {
        often(queue);
        lock.acquire();
        ready.set();
        queue.take();
    }

    @Test
    void aClientThatIsKilledTakesNothingWithIt() throws Exception {
        try (Manager manager = Manager.start()) {
            LockProxy lock = manager.lock();
            QueueProxy<String> queue = manager.queue();
            EventProxy ready = manager.event();
            Process child = new Process(SharedLaneTest::takeOften, lock, queue, ready);
            child.start();
            ready.await();
            child.kill();
            child.join();
            child.close();
            assertTrue(lock.tryAcquire(LONG));
            queue.put("message");
            assertEquals("message", queue.poll(30, TimeUnit.SECONDS));
            lock.release();
        }
    }

    static void putForEver(DictProxy<Integer, byte[]> dict, EventProxy ready) {
        often(dict);
        ready.set();
        for (int i = 0;; i++) {
            dict.put(i % 10, new byte[i % 20_000]);
        }
    }

    @Test
    void aClientThatIsKilledInACallLeavesTheServerAsItWas() throws Exception {
        try (Manager manager = Manager.start()) {
            DictProxy<Integer, byte[]> dict = manager.dict();
            for (int i = 0; i < 5; i++) {
                EventProxy ready = manager.event();
                Process child = new Process(SharedLaneTest::putForEver, dict, ready);
                child.start();
                ready.await();
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(20_000_000));
                child.kill();
                child.join();
                child.close();
                assertTrue(dict.size() <= 10);
            }
            awaitClients(manager.lock().handle().desk());
            assertEquals(List.of(), namesLeft());
        }
    }

    /** The server learns of deaths in its own time. */
    private static void awaitClients(Handle desk) throws IOException {
        long end = System.nanoTime() + LONG.toNanos();
        while (!desk.text().contains("clients=1}") && !desk.text().contains("clients=1,")) {
            assertTrue(System.nanoTime() < end, desk::text);
            Thread.onSpinWait();
        }
    }
}
