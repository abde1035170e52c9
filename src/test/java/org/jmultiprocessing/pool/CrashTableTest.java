package org.jmultiprocessing.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.errors.WorkerDiedException;
import org.jmultiprocessing.process.Builder;
import org.jmultiprocessing.process.CurrentProcess;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.ResourceLimit;
import org.jmultiprocessing.sharedmemory.SharedLongArray;
import org.jmultiprocessing.support.Stranger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that can go wrong, everywhere on the way of a task: loky's table. The pool goes on after each. */
@Timeout(60)
class CrashTableTest {
    private static Pool pool;

    @BeforeAll
    static void start() {
        pool = quiet();
    }

    @AfterAll
    static void end() {
        pool.close();
    }

    /** Crashing JVMs write files and texts that nobody wants here. */
    private static Pool quiet() {
        return Pool.builder().processes(1).process(CrashTableTest::quieten).build();
    }

    private static Builder quieten(Builder options) {
        if (!"jna".equals(System.getProperty("jmultiprocessing.binding"))) {
            options.limit(ResourceLimit.CORE, 0, 0);
        }
        return options.stdout(Redirect.DISCARD).jvmOptions("-XX:ErrorFile=/dev/null");
    }

    /** What goes wrong. */
    enum How {
        EXCEPTION, EXIT, HALT, SIGKILL, SIGSEGV, STACK_OVERFLOW, OUT_OF_MEMORY;

        Object happen() {
            switch (this) {
                case EXCEPTION -> throw new IllegalStateException("bomb");
                case EXIT -> System.exit(3);
                case HALT -> Runtime.getRuntime().halt(4);
                case SIGKILL -> signal("KILL");
                case SIGSEGV -> signal("SEGV");
                case STACK_OVERFLOW -> overflow(0);
                case OUT_OF_MEMORY -> {
                    return new long[Integer.MAX_VALUE];
                }
                default -> throw new AssertionError(this);
            }
            return null;
        }

        private static int overflow(int depth) {
            return overflow(depth + 1) + 1;
        }

        private static void signal(String name) {
            try {
                new ProcessBuilder("kill", "-" + name, Long.toString(ProcessHandle.current().pid())).start().waitFor();
                Thread.currentThread().join();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Where it does. */
    enum Where { SERIALIZE_ARGUMENT, DESERIALIZE_ARGUMENT, RUN, SERIALIZE_RESULT, DESERIALIZE_RESULT }

    /** Goes off in one place. */
    static final class Bomb implements Serializable {
        private static final long serialVersionUID = 1L;

        private final Where where;
        private final How how;
        private final long home = CurrentProcess.get().pid();

        Bomb(Where where, How how) {
            this.where = where;
            this.how = how;
        }

        private void at(Where place) {
            if (where == place) {
                how.happen();
            }
        }

        private boolean isHome() {
            return CurrentProcess.get().pid() == home;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            at(isHome() ? Where.SERIALIZE_ARGUMENT : Where.SERIALIZE_RESULT);
            out.defaultWriteObject();
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            at(isHome() ? Where.DESERIALIZE_RESULT : Where.DESERIALIZE_ARGUMENT);
        }
    }

    private static Bomb carry(Bomb bomb) {
        bomb.at(Where.RUN);
        return bomb;
    }

    private static int square(int x) {
        return x * x;
    }

    private static long pid() {
        return CurrentProcess.get().pid();
    }

    private static Throwable outcome(Where where, How how) throws InterruptedException {
        Throwable failure = assertThrows(Throwable.class, () -> pool.apply(CrashTableTest::carry, new Bomb(where, how)));
        assertEquals(49, pool.apply(CrashTableTest::square, 7), "the pool goes on");
        return failure;
    }

    private static void assertDied(Throwable failure, int code) {
        assertEquals(WorkerDiedException.class, failure.getClass(), failure.toString());
        assertEquals(code, ((WorkerDiedException) failure).status().code());
    }

    /** Whether it is, or its cause, or the message has its name: a serializer may have had to wrap it. */
    private static void assertIsOrTellsOf(Class<? extends Throwable> type, Throwable failure) {
        boolean found = false;
        for (Throwable each = failure; each != null && !found; each = each.getCause()) {
            found = type.isInstance(each) || String.valueOf(each.getMessage()).contains(type.getName());
        }
        assertTrue(found || type == StackOverflowError.class && failure.getMessage().contains("nested too deeply"), () -> "got " + failure);
    }

    private static void assertWorkerCell(Where where, How how) throws InterruptedException {
        Throwable failure = outcome(where, how);
        switch (how) {
            case EXIT -> assertDied(failure, 3);
            case HALT -> assertDied(failure, 4);
            case SIGKILL -> assertDied(failure, -9);
            // HotSpot turns it into its error report and SIGABRT.
            case SIGSEGV -> assertDied(failure, -6);
            case EXCEPTION -> assertIsOrTellsOf(IllegalStateException.class, failure);
            case STACK_OVERFLOW -> assertIsOrTellsOf(StackOverflowError.class, failure);
            default -> assertIsOrTellsOf(OutOfMemoryError.class, failure);
        }
    }

    @ParameterizedTest
    @EnumSource(How.class)
    void deserializingTheArgument(How how) throws InterruptedException {
        assertWorkerCell(Where.DESERIALIZE_ARGUMENT, how);
    }

    @ParameterizedTest
    @EnumSource(How.class)
    void running(How how) throws InterruptedException {
        assertWorkerCell(Where.RUN, how);
    }

    @ParameterizedTest
    @EnumSource(How.class)
    void serializingTheResult(How how) throws InterruptedException {
        assertWorkerCell(Where.SERIALIZE_RESULT, how);
    }

    // ---- in the process that has the pool ----

    @ParameterizedTest
    @EnumSource(value = How.class, names = {"EXCEPTION", "STACK_OVERFLOW", "OUT_OF_MEMORY"})
    void serializingTheArgument(How how) throws InterruptedException {
        Throwable failure = outcome(Where.SERIALIZE_ARGUMENT, how);
        assertIsOrTellsOf(how == How.EXCEPTION ? IllegalStateException.class
                : how == How.STACK_OVERFLOW ? StackOverflowError.class : OutOfMemoryError.class, failure);
    }

    @ParameterizedTest
    @EnumSource(value = How.class, names = {"EXCEPTION", "STACK_OVERFLOW", "OUT_OF_MEMORY"})
    void deserializingTheResult(How how) throws InterruptedException {
        Throwable failure = outcome(Where.DESERIALIZE_RESULT, how);
        assertIsOrTellsOf(how == How.EXCEPTION ? IllegalStateException.class
                : how == How.STACK_OVERFLOW ? StackOverflowError.class : OutOfMemoryError.class, failure);
        Throwable ofMap = assertThrows(Throwable.class,
                () -> pool.map(CrashTableTest::carry, List.of(new Bomb(Where.DESERIALIZE_RESULT, how))));
        assertEquals(failure.getClass(), ofMap.getClass());
    }

    @ParameterizedTest
    @EnumSource(value = How.class, names = {"EXCEPTION", "STACK_OVERFLOW", "OUT_OF_MEMORY"})
    void inACallback(How how) throws Exception {
        CompletableFuture<Throwable> uncaught = new CompletableFuture<>();
        AsyncResult<Integer> result = pool.applyAsync(CrashTableTest::square, 7).onSuccess(value -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> uncaught.complete(failure));
            how.happen();
        });
        assertIsOrTellsOf(how == How.EXCEPTION ? IllegalStateException.class
                : how == How.STACK_OVERFLOW ? StackOverflowError.class : OutOfMemoryError.class, uncaught.get(10, TimeUnit.SECONDS));
        assertEquals(49, result.get());
        CompletableFuture<Integer> later = new CompletableFuture<>();
        pool.applyAsync(CrashTableTest::square, 8).onSuccess(later::complete);
        assertEquals(64, later.get(10, TimeUnit.SECONDS), "callbacks go on");
    }

    private static void host(SharedLongArray pids, Where where, How how) throws InterruptedException {
        Pool hosted = quiet();
        pids.set(0, hosted.apply(CrashTableTest::pid));
        if (where == null) {
            hosted.applyAsync(CrashTableTest::square, 7).onSuccess(x -> how.happen());
            Thread.currentThread().join();
        }
        hosted.apply(CrashTableTest::carry, new Bomb(where, how));
    }

    @ParameterizedTest
    @EnumSource(value = How.class, names = {"EXIT", "HALT", "SIGKILL", "SIGSEGV"})
    void theEndOfTheProcessThatHasThePool(How how) throws InterruptedException {
        int code = how == How.EXIT ? 3 : how == How.HALT ? 4 : how == How.SIGKILL ? -9 : -6;
        for (Where where : new Where[] {Where.SERIALIZE_ARGUMENT, Where.DESERIALIZE_RESULT, null}) {
            try (SharedLongArray pids = SharedLongArray.raw(1)) {
                Process host = quieten(Process.builder(CrashTableTest::host, pids, where, how)).start();
                assertTrue(host.join(Duration.ofSeconds(20)), host + " does not end");
                assertEquals(code, host.exitCode().orElseThrow(), "at " + where);
                assertTrue(new Stranger(pids.get(0)).awaitEnd(Duration.ofSeconds(10)), "the worker lives on");
                host.close();
            }
        }
    }
}
