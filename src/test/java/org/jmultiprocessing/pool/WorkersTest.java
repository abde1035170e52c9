package org.jmultiprocessing.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.errors.BrokenPoolException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.errors.WorkerDiedException;
import org.jmultiprocessing.internal.os.ProcessIds;
import org.jmultiprocessing.process.CurrentProcess;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.support.Program;
import org.jmultiprocessing.sync.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lives of workers. */
@Timeout(60)
class WorkersTest {
    private static String greeting;

    private static long pid() {
        return CurrentProcess.get().pid();
    }

    private static void greet(String who, int times) {
        greeting = "hello " + who + times;
    }

    private static String greeting() {
        return greeting;
    }

    private static void failing() throws IOException {
        throw new IOException("no database");
    }

    private static void exit(int code) {
        Runtime.getRuntime().halt(code);
    }

    private static void awaitEvent(Event event) throws InterruptedException {
        event.await();
    }

    private static long tell(Event begun, Event event) throws InterruptedException {
        begun.set();
        event.await();
        return pid();
    }

    private static int square(int x) {
        return x * x;
    }

    private static void kill(long pid) {
        assertTrue(ProcessHandle.of(pid).orElseThrow().destroyForcibly());
    }

    @Test
    void eachWorkerIsInitialized() throws Exception {
        try (Pool pool = Pool.builder().processes(2).initializer(WorkersTest::greet, "world", 2).build()) {
            assertEquals("hello world2", pool.apply(WorkersTest::greeting));
            for (String each : pool.map(x -> greeting(), List.of(1, 2, 3, 4), 1)) {
                assertEquals("hello world2", each);
            }
        }
    }

    @Test
    void aFailingInitializerEndsThePoolWithItsCause() throws Exception {
        Pool pool = Pool.builder().processes(2).initializer(WorkersTest::failing).build();
        try {
            BrokenPoolException broken = assertThrows(BrokenPoolException.class, () -> {
                // It may have broken before the call, or while it waits.
                try {
                    pool.apply(WorkersTest::pid);
                } catch (RejectedExecutionException e) {
                    throw e.getCause();
                }
            });
            assertEquals(IOException.class, broken.getCause().getClass());
            assertEquals("no database", broken.getCause().getMessage());
            pool.join();
            RejectedExecutionException rejected = assertThrows(RejectedExecutionException.class, () -> pool.apply(WorkersTest::pid));
            assertEquals("Pool not running", rejected.getMessage());
            assertEquals(BrokenPoolException.class, rejected.getCause().getClass());
        } finally {
            pool.close();
        }
    }

    @Test
    void workersThatEndBeforeTheyAreReadyEndThePool() throws Exception {
        try (Pool pool = Pool.builder().processes(2).initializer(WorkersTest::exit, 7).build()) {
            Throwable failure = assertThrows(Exception.class, () -> pool.apply(WorkersTest::pid));
            BrokenPoolException broken = (BrokenPoolException) (failure instanceof RejectedExecutionException ? failure.getCause() : failure);
            assertEquals(7, ((WorkerDiedException) broken.getCause()).status().code());
        }
    }

    @Test
    void whatCannotBeStartedFailsAtOnce() {
        Object untransferable = new Object();
        assertThrows(SerializationException.class, () -> Pool.builder().initializer(x -> { }, untransferable).build());
        assertThrows(OsException.class, () -> Pool.builder().processes(2)
                .process(options -> options.directory(Path.of("/nonexistent"))).build());
    }

    @Test
    void aWorkerIsReplacedAfterSoManyTasks() throws Exception {
        try (Pool pool = Pool.builder().processes(1).maxTasksPerChild(3).build()) {
            Map<Long, Integer> tasks = new HashMap<>();
            for (long pid : pool.map(x -> pid(), List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 1)) {
                tasks.merge(pid, 1, Integer::sum);
            }
            assertEquals(List.of(1, 3, 3, 3), tasks.values().stream().sorted().toList());
            assertNotEquals(pool.apply(WorkersTest::pid), pool.apply(WorkersTest::square, 3).longValue());
        }
    }

    @Test
    void aKilledWorkerFailsItsTaskAlone() throws Exception {
        Event begun = new Event();
        Event event = new Event();
        try (Pool pool = new Pool(1)) {
            AsyncResult<Long> held = pool.applyAsync(WorkersTest::tell, begun, event);
            List<AsyncResult<Integer>> others = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                others.add(pool.applyAsync(WorkersTest::square, i));
            }
            begun.await();
            long pid = Process.active().get(0).pid().orElseThrow();
            kill(pid);
            WorkerDiedException died = (WorkerDiedException) assertThrows(ExecutionException.class, held::get).getCause();
            assertEquals(pid, died.pid());
            assertEquals(-9, died.status().code());
            assertTrue(died.getMessage().matches("worker PoolWorker-\\d+ \\(pid " + pid + "\\) was ended by SIGKILL before its task had a result;.*"),
                    died.getMessage());
            for (int i = 0; i < 100; i++) {
                assertEquals(i * i, others.get(i).get());
            }
            assertNotEquals(pid, pool.apply(WorkersTest::pid));
        }
    }

    @Test
    void anIdleWorkerThatIsKilledCostsNothing() throws Exception {
        try (Pool pool = new Pool(2)) {
            Set<Long> seen = new HashSet<>();
            for (int i = 0; i < 5; i++) {
                long pid = pool.apply(WorkersTest::pid);
                assertTrue(seen.add(pid), "a dead process answers");
                kill(pid);
                awaitEnd(pid);
                assertEquals(49, pool.apply(WorkersTest::square, 7));
            }
        }
    }

    /** A program that is killed while one worker has a task and the other waits for one. */
    static final class KilledOwner {
        private KilledOwner() { }

        public static void main(String[] arguments) throws Exception {
            Pool pool = new Pool(2);
            Event begun = new Event();
            pool.applyAsync(WorkersTest::tell, begun, new Event());
            begun.await();
            for (Process worker : Process.active()) {
                System.out.println(worker.pid().orElseThrow());
            }
            ProcessIds.killSelf();
        }
    }

    /** What they shared is removed after them, which the leak guard looks at. */
    @Test
    void theWorkersOfAKilledOwnerEnd() throws Exception {
        Program owner = Program.of(Program.ofClass(KilledOwner.class));
        List<Long> workers = owner.out().lines().map(Long::valueOf).toList();
        assertEquals(2, workers.size(), owner.err());
        assertEquals(128 + 9, owner.code());
        for (long worker : workers) {
            ProcessHandle.of(worker).map(ProcessHandle::onExit).orElse(CompletableFuture.completedFuture(null)).get(10, TimeUnit.SECONDS);
        }
    }

    private static void awaitEnd(long pid) throws Exception {
        for (Process process : Process.active()) {
            if (process.pid().orElse(0) == pid) {
                process.join();
            }
        }
    }

    @Test
    void aTaskThatExitsFailsWithTheCode() throws Exception {
        try (Pool pool = new Pool(1)) {
            for (int code : new int[] {0, 3}) {
                WorkerDiedException died = assertThrows(WorkerDiedException.class, () -> pool.run(WorkersTest::exit, code));
                assertEquals(code, died.status().code());
                assertTrue(died.getMessage().contains("exited with code " + code), died.getMessage());
            }
        }
    }

    @Test
    void theDeathOfAWorkerInTheMiddleOfAMapFailsTheMap() throws Exception {
        try (Pool pool = new Pool(2)) {
            assertThrows(WorkerDiedException.class, () -> pool.map(x -> {
                if (x == 5) {
                    exit(1);
                }
                return x;
            }, List.of(1, 2, 3, 4, 5, 6, 7, 8), 1));
            try (ResultIterator<Integer> results = pool.imap(x -> {
                if (x == 2) {
                    exit(1);
                }
                return x;
            }, List.of(1, 2, 3), 1)) {
                assertEquals(1, results.next());
                assertThrows(WorkerDiedException.class, results::next);
                assertEquals(3, results.next());
            }
        }
    }

    @Test
    void workersAreDaemonsWithNamesOfTheirOwn() throws Exception {
        try (Pool pool = Pool.builder().processes(1).process(options -> options.jvmOptions("-Dpool.test=yes")).build()) {
            assertTrue(pool.apply(() -> CurrentProcess.get().name()).startsWith("PoolWorker-"));
            assertTrue(pool.apply(() -> CurrentProcess.get().daemon()));
            assertEquals("yes", pool.apply(() -> System.getProperty("pool.test")));
        }
    }

    @Test
    void theExitFunctionRunsWhenAWorkerEndsOfItself() throws Exception {
        Event exited = new Event();
        Pool pool = Pool.builder().processes(1).workerExit(exited::set).build();
        pool.apply(WorkersTest::pid);
        assertFalse(exited.isSet());
        pool.close();
        assertTrue(exited.isSet());
    }

    @Test
    void tasksMayHavePoolsOfTheirOwn() throws Exception {
        try (Pool pool = new Pool(1)) {
            assertEquals(30, pool.apply(() -> {
                try (Pool inner = new Pool(1)) {
                    int sum = 0;
                    for (int each : inner.map(WorkersTest::square, List.of(1, 2, 3, 4))) {
                        sum += each;
                    }
                    return sum;
                }
            }));
        }
    }
}
