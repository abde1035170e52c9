package org.jmultiprocessing.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.support.Program;
import org.jmultiprocessing.sync.Barrier;
import org.jmultiprocessing.sync.Condition;
import org.jmultiprocessing.sync.Event;
import org.jmultiprocessing.sync.Held;
import org.jmultiprocessing.sync.Lock;
import org.jmultiprocessing.sync.RLock;
import org.jmultiprocessing.sync.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hundred threads blocked in waits for ten seconds: strace sees none of them make a system call. */
@Tag("stress")
@Timeout(120)
class IdleWaitsTest {
    private static final int THREADS = 100;
    private static final String NAME = "idle-wait-";

    private static void blocked(Connection result) throws Exception {
        Lock lock = new Lock();
        RLock rlock = new RLock();
        lock.acquire();
        rlock.acquire();
        Semaphore semaphore = new Semaphore(0);
        Event event = new Event();
        Condition condition = new Condition();
        Barrier barrier = new Barrier(THREADS);
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            int kind = i % 6;
            threads[i] = new Thread(() -> {
                try {
                    switch (kind) {
                        case 0 -> lock.acquire();
                        case 1 -> rlock.acquire();
                        case 2 -> semaphore.acquire();
                        case 3 -> event.await();
                        case 4 -> {
                            try (Held held = condition.hold()) {
                                condition.await();
                            }
                        }
                        default -> barrier.await();
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }, NAME + i);
            threads[i].setDaemon(true);
            threads[i].start();
        }
        result.send("started");
        result.recv();
    }

    private static List<String> threadsNamed(long pid) throws Exception {
        List<String> ids = new ArrayList<>();
        try (var tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).startsWith(NAME)) {
                    ids.add(task.getFileName().toString());
                }
            }
        }
        return ids;
    }

    @Test
    void blockedThreadsMakeNoSystemCall() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/task")) && Program.of(List.of("strace", "-V")).code() == 0,
                "strace is not installed: apt-get install strace");
        try (Pipe pipe = Pipe.duplex()) {
            Process child = new Process(IdleWaitsTest::blocked, pipe.second());
            child.start();
            assertEquals("started", pipe.first().recv(Duration.ofSeconds(30)));
            long pid = child.pid().orElseThrow();
            // Until they have spun, and waited for their first millisecond.
            assertEquals(false, child.join(Duration.ofSeconds(2)));
            List<String> ids = threadsNamed(pid);
            assertEquals(THREADS, ids.size());
            Path calls = Files.createTempFile("idle", ".strace");
            List<String> command = new ArrayList<>(List.of("timeout", "-s", "INT", "10", "strace", "-o", calls.toString()));
            for (String id : ids) {
                command.addAll(List.of("-p", id));
            }
            java.lang.Process strace = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            assertTrue(strace.waitFor(60, TimeUnit.SECONDS));
            // The wait that a thread is in is shown when strace comes, and as detached when it goes.
            List<String> made = new ArrayList<>();
            int waits = 0;
            for (String line : Files.readAllLines(calls)) {
                if (line.contains(" futex(")) {
                    waits++;
                } else if (!line.contains("<detached ...>")) {
                    made.add(line);
                }
            }
            Files.delete(calls);
            assertEquals(List.of(), made);
            assertEquals(THREADS, waits, "each is in one wait, all the time");
            pipe.first().send("end");
            assertTrue(child.join(Duration.ofSeconds(30)));
            child.close();
        }
    }
}
