package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Builder;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.ResourceLimit;
import org.jmultiprocessing.support.Stranger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A process that can make no more threads: its address space is used up by their stacks, since the system does not count the threads of root.
 */
@Timeout(60)
class NoThreadsTest {
    private static final long ADDRESS_SPACE = 6L << 30;
    private static final long LARGEST_STACK = 1L << 30;
    /** That of a thread that asks for nothing. */
    private static final long USUAL_STACK = 1L << 20;
    /** That of the smallest thread that this library makes. */
    private static final long SMALL_STACK = 64L << 10;

    @BeforeEach
    void needsLimits() {
        assumeFalse("jna".equals(System.getProperty("jmultiprocessing.binding")), "the JNA binding sets no limits");
    }

    private static Builder limited(Builder builder) {
        return builder.jvmOptions("-Xmx64m", "-Xlog:disable", "-XX:-UseDynamicNumberOfCompilerThreads").limit(ResourceLimit.AS, ADDRESS_SPACE,
                ADDRESS_SPACE);
    }

    /** Starts threads with ever smaller stacks until none with the smallest can be made. */
    private static void useUpThreads(long smallest, CountDownLatch end) {
        for (long stack = LARGEST_STACK; stack >= smallest; stack /= 2) {
            while (startThread(stack, end)) {
                Thread.onSpinWait();
            }
        }
    }

    private static boolean startThread(long stack, CountDownLatch end) {
        Thread thread = new Thread(null, () -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }, "filler", stack);
        thread.setDaemon(true);
        try {
            thread.start();
            return true;
        } catch (OutOfMemoryError noThread) {
            return false;
        }
    }

    static void useUpThreadsAndSleep(Connection connection) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        useUpThreads(USUAL_STACK, never);
        connection.send(ProcessHandle.current().pid());
        never.await();
    }

    static void startOrphan(Connection connection) throws InterruptedException {
        try (Process orphan = limited(Process.builder(NoThreadsTest::useUpThreadsAndSleep, connection)).start()) {
            orphan.join();
        }
    }

    @Test
    void anOrphanEndsWithoutThem() throws InterruptedException {
        try (Pipe pipe = Pipe.oneWay(); Process parent = new Process(NoThreadsTest::startOrphan, pipe.second())) {
            parent.start();
            pipe.second().close();
            long orphan = (Long) pipe.first().recv();
            parent.kill();
            parent.join();
            try {
                assertTrue(new Stranger(orphan).awaitEnd(Duration.ofSeconds(1)), "the orphan lives");
            } finally {
                ProcessHandle.of(orphan).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    static void nothing() { }

    /** The exit code tells what was found. */
    static void startWithoutThreads() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        useUpThreads(SMALL_STACK, end);
        int code = 0;
        try {
            new Process(NoThreadsTest::nothing).start();
            code |= 1;
        } catch (OutOfMemoryError | OsException asExpected) {
            code |= ProcessHandle.current().children().anyMatch(ProcessHandle::isAlive) ? 2 : 0;
        }
        end.countDown();
        code |= startsAgain() ? 0 : 4;
        System.exit(code);
    }

    private static boolean startsAgain() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (System.nanoTime() - deadline < 0) {
            try (Process child = Process.builder(NoThreadsTest::nothing).jvmOptions("-Xmx64m").start()) {
                child.join();
                return child.exitCode().getAsInt() == 0;
            } catch (OutOfMemoryError | OsException notYet) {
                // The threads that give room end in their own time.
                Thread.onSpinWait();
            }
        }
        return false;
    }

    @Test
    void aStartThatFailsLeavesNoChildAndTheNextOneWorks() throws InterruptedException {
        try (Process parent = limited(Process.builder(NoThreadsTest::startWithoutThreads)).start()) {
            parent.join();
            assertEquals(OptionalInt.of(0), parent.exitCode(), "1: it started; 2: it left a child; 4: it does not start afterwards");
        }
    }
}
