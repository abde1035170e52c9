package org.jmultiprocessing.sharedmemory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Eight threads use what a ninth closes. A use works or says that it is closed; a wrong one is a crash of this JVM. */
class CloseRaceTest {
    private static final int USERS = 8;
    private static final int ROUNDS = 100_000;
    private static final long MOST_NANOS = 120_000_000_000L;
    private static final int SIZE = 64 << 10;

    private final AtomicReference<SharedMemory> current = new AtomicReference<>();
    private final AtomicLong uses = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private volatile boolean stop;

    @Test
    void closingIsNeverACrash() throws Exception {
        SharedMemory block = SharedMemory.create(SIZE);
        List<Throwable> failures = new ArrayList<>();
        List<Thread> users = new ArrayList<>();
        current.set(SharedMemory.attach(block.name()));
        for (int i = 0; i < USERS; i++) {
            int which = i;
            Thread user = new Thread(() -> use(which), "user-" + i);
            user.setUncaughtExceptionHandler((thread, failure) -> {
                synchronized (failures) {
                    failures.add(failure);
                }
            });
            users.add(user);
        }
        users.forEach(Thread::start);
        long start = System.nanoTime();
        int rounds = 0;
        while (rounds < ROUNDS && System.nanoTime() - start < MOST_NANOS) {
            current.getAndSet(SharedMemory.attach(block.name())).close();
            rounds++;
        }
        stop = true;
        for (Thread user : users) {
            user.join();
        }
        current.get().close();
        block.close();
        block.unlink();
        assertEquals(List.of(), failures);
        assertEquals(ROUNDS, rounds, "rounds within " + MOST_NANOS / 1_000_000_000 + " s");
        assertTrue(uses.get() > 0 && refusals.get() > 0, () -> uses + " uses and " + refusals + " refusals: they did not meet");
    }

    private void use(int which) {
        byte[] bytes = new byte[SIZE / 2];
        long done = 0;
        long refused = 0;
        while (!stop) {
            SharedMemory memory = current.get();
            try {
                while (!stop) {
                    useOnce(memory, which, bytes);
                    done++;
                }
            } catch (IllegalStateException closed) {
                assertTrue(closed.getMessage().contains("closed"), closed::getMessage);
                refused++;
            }
        }
        uses.addAndGet(done);
        refusals.addAndGet(refused);
    }

    /** Half of them keep a buffer beyond the close, so that the memory has to wait for the collector. */
    private static void useOnce(SharedMemory memory, int which, byte[] bytes) {
        if (which % 4 == 0) {
            ByteBuffer buffer = memory.buffer();
            for (int i = 0; i < SIZE; i += 4096) {
                buffer.put(i, (byte) which);
            }
        } else if (which % 4 == 1) {
            memory.put(which, bytes);
        } else if (which % 4 == 2) {
            memory.get(which, bytes);
        } else {
            memory.buffer(which, 4096).slice(1, 100).duplicate().putInt(8, which);
        }
    }
}
