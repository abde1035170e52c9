package org.jmultiprocessing.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jmultiprocessing.manager.DictProxy;
import org.jmultiprocessing.manager.Manager;
import org.jmultiprocessing.pool.Pool;
import org.jmultiprocessing.process.StartMethod;
import org.jmultiprocessing.queue.Queue;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool of eight workers, a manager and a queue that nobody uses: they wake up no more often than as many JVMs that do nothing. */
@Tag("stress")
@Timeout(300)
class IdlePoolTest {
    private static final int WORKERS = 8;
    /** The program itself, the workers and the manager's server. */
    private static final int JVMS = WORKERS + 2;
    /** Where children are forked, there are these too. */
    private static final int SERVER_AND_SPARE = 2;
    private static final long SETTLED_SECONDS = 10;
    private static final long SECONDS = 60;
    private static final long LOOK_MILLIS = 10;

    /** Uses all of it once, and then waits. */
    static final class Idle {
        private Idle() { }

        public static void main(String[] arguments) throws Exception {
            try (Pool pool = new Pool(WORKERS); Manager manager = Manager.start(); Queue<Integer> queue = new Queue<>()) {
                DictProxy<Integer, Integer> dict = manager.dict();
                pool.map(number -> {
                    dict.put(number, number);
                    queue.put(number);
                    return number;
                }, IntStream.range(0, 1000).boxed().toList(), 1);
                while (queue.qsize() > 0) {
                    queue.get();
                }
                System.out.println("ready");
                System.in.read();
            }
        }
    }

    /** A JVM that does nothing. */
    static final class Bare {
        private Bare() { }

        public static void main(String[] arguments) throws IOException {
            System.out.println("ready");
            System.in.read();
        }
    }

    private static java.lang.Process start(Class<?> main) throws IOException {
        java.lang.Process program = new ProcessBuilder(Program.ofClass(main)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader out = new BufferedReader(new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8));
        assertEquals("ready", out.readLine());
        return program;
    }

    private static long switches(List<ProcessHandle> processes) throws IOException {
        long sum = 0;
        for (ProcessHandle process : processes) {
            try (Stream<Path> tasks = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
                for (Path task : tasks.toList()) {
                    sum += switches(task.resolve("status"));
                }
            }
        }
        return sum;
    }

    private static long switches(Path status) throws IOException {
        try {
            return Files.readAllLines(status).stream().filter(line -> line.contains("ctxt_switches:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }

    @Test
    void wakesUpNoMoreOftenThanBareJvms() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "the system does not count context switches of threads");
        List<java.lang.Process> programs = new ArrayList<>();
        try {
            List<ProcessHandle> idle = new ArrayList<>();
            programs.add(start(Idle.class));
            int jvms = JVMS + (StartMethod.available().contains(StartMethod.FORKSERVER) ? SERVER_AND_SPARE : 0);
            List<ProcessHandle> bare = new ArrayList<>();
            for (int i = 0; i < jvms; i++) {
                programs.add(start(Bare.class));
                bare.add(programs.get(i + 1).toHandle());
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (programs.get(0).descendants().count() + 1 < jvms) {
                assertTrue(System.nanoTime() - deadline < 0, "there is no fork server with a spare child");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
            }
            // Compilers' threads end, and heaps are given back.
            TimeUnit.SECONDS.sleep(SETTLED_SECONDS);
            idle.add(programs.get(0).toHandle());
            programs.get(0).descendants().forEach(idle::add);
            assertEquals(jvms, idle.size());
            long idleBefore = switches(idle);
            long bareBefore = switches(bare);
            TimeUnit.SECONDS.sleep(SECONDS);
            long ours = switches(idle) - idleBefore;
            long floor = switches(bare) - bareBefore;
            System.out.println("context switches a minute: " + jvms + " bare JVMs " + floor + ", a pool, a manager and a queue " + ours);
            assertTrue(ours <= floor, ours + " against " + floor);
        } finally {
            for (java.lang.Process program : programs) {
                program.getOutputStream().close();
            }
            for (java.lang.Process program : programs) {
                assertTrue(program.waitFor(30, TimeUnit.SECONDS));
            }
        }
    }
}
