package org.jmultiprocessing.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.process.CurrentProcess;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.support.Program;
import org.jmultiprocessing.support.Stranger;
import org.jmultiprocessing.sync.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ctrl-C, which a terminal sends to all processes of a program. */
@Timeout(60)
class InterruptKeyTest {
    private static long awaitEvent(Event event) throws InterruptedException {
        event.await();
        return CurrentProcess.get().pid();
    }

    /** A program that waits for a result that does not come. */
    static final class Waiting {
        private Waiting() { }

        public static void main(String[] arguments) throws InterruptedException {
            Pool pool = new Pool(2);
            List<Long> pids = pool.map(x -> CurrentProcess.get().pid(), List.of(1, 2, 3, 4, 5, 6, 7, 8), 1);
            AsyncResult<Long> result = pool.applyAsync(InterruptKeyTest::awaitEvent, new Event());
            System.out.println(pids + " " + Process.active().stream().map(process -> process.pid().orElseThrow()).toList());
            result.join();
        }
    }

    @Test
    void itEndsTheProgramAndItsWorkersOnceAndQuietly() throws Exception {
        Path status = Path.of("/proc/self/status");
        assumeFalse(Files.exists(status) && Files.readString(status).matches("(?s).*\nSigIgn:\t[0-9a-f]*[2367abef]\n.*"), "SIGINT is ignored here");
        List<String> command = Program.ofClass(Waiting.class);
        command.add(0, "setsid");
        java.lang.Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8))) {
            String pids = output.readLine();
            assertEquals(0, new ProcessBuilder("kill", "-INT", "--", "-" + program.pid()).start().waitFor());
            assertTrue(program.waitFor(20, TimeUnit.SECONDS), "the program does not end");
            assertEquals(130, program.exitValue());
            assertEquals(List.of(), output.lines().toList(), "what it said");
            for (String pid : pids.replaceAll(".*] \\[|]", "").split(", ")) {
                assertTrue(new Stranger(Long.parseLong(pid)).awaitEnd(Duration.ofSeconds(10)), () -> pid + " lives on");
            }
        } finally {
            program.destroyForcibly();
        }
    }

    private static void interruptSelf() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(CurrentProcess.get().pid())).start().waitFor();
    }

    @Test
    void workersIgnoreIt() throws InterruptedException {
        try (Pool pool = new Pool(1)) {
            long before = pool.apply(() -> CurrentProcess.get().pid());
            pool.run(InterruptKeyTest::interruptSelf);
            assertEquals(before, pool.apply(() -> CurrentProcess.get().pid()));
        }
    }

    private static void leaveOpen() throws InterruptedException {
        Pool left = new Pool(2);
        left.applyAsync(InterruptKeyTest::awaitEvent, new Event());
        assertEquals(4, left.apply(() -> 4));
    }

    @Test
    void aPoolThatIsLeftOpenEndsWithTheProgram() throws Exception {
        try (Process program = new Process(InterruptKeyTest::leaveOpen)) {
            program.start();
            assertTrue(program.join(Duration.ofSeconds(20)), "the program does not end");
            assertEquals(0, program.exitCode().orElseThrow());
        }
    }
}
