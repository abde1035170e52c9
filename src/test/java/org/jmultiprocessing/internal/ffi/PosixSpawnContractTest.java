package org.jmultiprocessing.internal.ffi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link Posix} promises about processes, for both bindings. */
abstract class PosixSpawnContractTest extends PosixContractTest {
    /** What keeps newer JVMs from complaining. */
    static final List<String> NATIVE_ACCESS = Runtime.version().feature() < 22 ? List.of() : List.of("--enable-native-access=ALL-UNNAMED");

    private static final int HIGHEST_CHILD_FD = 200;

    private final int[] result = new int[3];
    private final int[] status = new int[3];

    PosixSpawnContractTest(Posix posix) {
        super(posix);
    }

    /** Overridden to start by something else than {@link Posix#spawn}. */
    int spawn(byte[] path, byte[] arguments, int count, byte[] environment, int environmentCount, byte[] directory, int[] fds, int[] result) {
        return posix.spawn(path, arguments, count, environment, environmentCount, directory, fds, null, result);
    }

    private int spawn(String directory, int[] fds, String... command) {
        byte[] where = directory == null ? null : terminated(directory);
        return spawn(terminated(command[0]), block(command), command.length, block("A=1", "B=x y"), 2, where, fds, result);
    }

    private static byte[] block(String... strings) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (String string : strings) {
            block.writeBytes(terminated(string));
        }
        return block.toByteArray();
    }

    /** Runs a script, whose output is the result. */
    private String run(String directory, String script) {
        int[] output = openPipe(0);
        started(spawn(directory, new int[] {devNull(), output[1], 2}, "/bin/sh", "-c", script));
        closeNow(output[1]);
        String text = readAll(output[0]);
        assertEquals(1, posix.reap(result[0], true, status));
        return text;
    }

    private int devNull() {
        return opened(posix.openFile(terminated("/dev/null"), 0));
    }

    private void started(int error) {
        assertEquals(0, error, () -> error(error) + " in step " + SpawnOptions.stepName(result[2]));
        assertTrue(result[0] > 0);
        assertEquals((posix.capabilities() & Posix.CAN_PIDFD) != 0, result[1] >= 0);
        if (result[1] >= 0) {
            opened(result[1]);
        }
    }

    private void assertFailed(String name, String step, int error) {
        assertError(name, error);
        assertEquals(step, SpawnOptions.stepName(result[2]));
    }

    @Test
    void childHasArgumentsEnvironmentAndDirectory(@TempDir Path folder) throws IOException {
        int[] output = openPipe(0);
        int error = spawn(folder.toString(), new int[] {devNull(), output[1], 2}, "/bin/sh", "-c", "pwd -P; echo \"$1|$2|$A|$B\"", "zero", "a b", "");
        started(error);
        closeNow(output[1]);
        assertEquals(folder.toRealPath() + "\na b||1|x y\n", readAll(output[0]));
        assertEquals(1, posix.reap(result[0], true, status));
        assertArrayEquals(new int[] {0, 0, 0}, status);
    }

    @Test
    void childHasExactlyItsDescriptors() {
        int[] leaky = openPipe(0);
        assertDone(JnaLibc.checked(JnaLibc.VARIADIC.fcntl(leaky[1], JnaConstants.F_SETFD, 0)));
        int[] output = openPipe(0);
        int[] extra = openPipe(0);
        started(spawn(null, new int[] {devNull(), output[1], 2, devNull(), extra[1]}, "/bin/sh", "-c",
                "echo four >&4; for fd in 0 1 2 3 4; do test -e /dev/fd/$fd || echo no $fd; done; "
                        + "if test -d /proc/$$/fd; then ls /proc/$$/fd; else echo 0 1 2 3 4; fi"));
        closeNow(output[1]);
        closeNow(extra[1]);
        assertEquals("0 1 2 3 4", readAll(output[0]).trim().replace('\n', ' '));
        assertEquals("four\n", readAll(extra[0]));
        assertEquals(1, posix.reap(result[0], true, status));
        closeNow(leaky[1]);
        assertEquals("", read(leaky[0]), "the child kept a descriptor that it was not given");
    }

    @Test
    void descriptorsMaySwapPlaces() {
        int[] one = openPipe(0);
        int[] other = openPipe(0);
        int[] fds = new int[HIGHEST_CHILD_FD];
        Arrays.fill(fds, devNull());
        assertTrue(one[1] < fds.length && other[1] < fds.length);
        fds[one[1]] = other[1];
        fds[other[1]] = one[1];
        started(spawn(null, fds, "/bin/sh", "-c", "echo a >/dev/fd/" + one[1] + "; echo b >/dev/fd/" + other[1]));
        closeNow(one[1]);
        closeNow(other[1]);
        assertEquals("b\n", readAll(one[0]));
        assertEquals("a\n", readAll(other[0]));
        assertEquals(1, posix.reap(result[0], true, status));
    }

    @Test
    void exitCodesAndSignalsAreTold() {
        run(null, "exit 3");
        assertArrayEquals(new int[] {0, 3, 0}, status);
        run(null, "kill -KILL $$");
        assertEquals(1, status[0]);
        assertEquals("SIGKILL", posix.signalName(status[1]));
        assertEquals(0, status[2]);
        run(null, "kill -HUP $$");
        assertEquals("SIGHUP", posix.signalName(status[1]), "an inherited disposition or mask");
        assertError("ECHILD", posix.reap(result[0], false, status));
        assertError("EINVAL", posix.reap(-1, false, status));
    }

    @Test
    void runningChildIsSignalledAndReaped() {
        int[] input = openPipe(0);
        for (int attempt = 0; attempt < 2; attempt++) {
            started(spawn(null, new int[] {input[0], 2, 2}, "/bin/sh", "-c", "read line"));
            assertEquals(0, posix.reap(result[0], false, status));
            assertEquals(0, posix.kill(result[0], attempt == 0 ? -1 : result[1], "TERM"));
            if (result[1] >= 0) {
                assertEquals(Posix.READABLE, posix.await(result[1], Posix.READABLE, -1, TimeUnit.SECONDS.toNanos(10)));
                assertEquals(1, posix.reap(result[0], false, status));
                assertError("ESRCH", posix.kill(result[0], result[1], "TERM"));
            } else {
                assertEquals(1, posix.reap(result[0], true, status));
            }
            assertEquals("SIGTERM", posix.signalName(status[1]));
        }
        assertError("EINVAL", posix.kill(0, -1, "TERM"));
        assertError("EINVAL", posix.kill(-1, -1, "TERM"));
        assertError("EINVAL", posix.kill(posix.pid(), -1, "NONSENSE"));
    }

    @Test
    void failuresNameTheirStep(@TempDir Path folder) throws IOException {
        int[] fds = {0, 1, 2};
        assertFailed("ENOENT", "exec", spawn(null, fds, "/nonexistent/program"));
        assertFailed("ENOENT", "chdir", spawn("/nonexistent/folder", fds, "/bin/sh"));
        assertFailed("ENOTDIR", "chdir", spawn("/bin/sh", fds, "/bin/sh"));
        Path plain = Files.writeString(folder.resolve("plain"), "text");
        assertFailed("EACCES", "exec", spawn(null, fds, plain.toString()));
        assertTrue(plain.toFile().setExecutable(true));
        assertFailed("ENOEXEC", "exec", spawn(null, fds, plain.toString()));
        assertFailed("EBADF", "stdio", spawn(null, new int[] {0, 1, 10_000}, "/bin/sh"));
        assertFailed("EBADF", "stdio", spawn(null, new int[] {0, 1, -1}, "/bin/sh"));
        assertFailed("EINVAL", "prepare", spawn(null, new int[] {0}, "/bin/sh"));
        assertFailed("E2BIG", "exec", spawn(null, fds, "/bin/sh", "-c", "x".repeat(1 << 20)));
        assertError("ECHILD", posix.reap(Integer.MAX_VALUE, false, status));
    }

    @Test
    void limitsAreSetOrRefused() {
        SpawnOptions options = new SpawnOptions();
        options.limit("nofile", 123, 123);
        int[] output = openPipe(0);
        int[] fds = {devNull(), output[1], 2};
        byte[] arguments = block("sh", "-c", "ulimit -n");
        int error = posix.spawn(terminated("/bin/sh"), arguments, 3, new byte[0], 0, null, fds, options.toArray(), result);
        closeNow(output[1]);
        if ((posix.capabilities() & Posix.CAN_LIMITS) == 0) {
            assertFailed("ENOTSUP", "prepare", error);
            return;
        }
        started(error);
        assertEquals("123\n", readAll(output[0]));
        assertEquals(1, posix.reap(result[0], true, status));
    }

    @Test
    void signalsAreNotedBeforeTheJvmEnds() throws Exception {
        for (String name : new String[] {"TERM", "INT", "HUP"}) {
            Process child = startJava("note");
            try (InputStream output = child.getInputStream()) {
                assertEquals('r', output.read());
                assertEquals(0, posix.kill((int) child.pid(), -1, name));
                int noted = output.read();
                assertEquals("SIG" + name, posix.signalName(noted));
                assertEquals(128 + noted, child.waitFor());
            }
        }
    }

    @Test
    void exitIsImmediate() throws Exception {
        Process child = startJava("exit");
        try (InputStream output = child.getInputStream()) {
            assertEquals("r", new String(output.readAllBytes()));
        }
        assertEquals(7, child.waitFor());
    }

    private Process startJava(String what) throws IOException {
        String library = Binding.libraryPath();
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-D" + Binding.CHOICE_PROPERTY + "=" + posix.binding()));
        command.addAll(NATIVE_ACCESS);
        if (library != null) {
            command.add("-D" + Binding.LIBRARY_PROPERTY + "=" + library);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Subject.class.getName(), what));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** A JVM that is sent signals, or ends itself. */
    static final class Subject {
        private Subject() {
        }

        public static void main(String[] arguments) throws InterruptedException {
            Posix posix = Binding.posix();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                if (arguments[0].equals("exit")) {
                    System.out.print("a hook ran");
                    System.out.flush();
                }
            }));
            if (arguments[0].equals("exit")) {
                posix.write(1, bytes("r"), 0, 1);
                posix.exitNow(7);
            }
            int result = posix.noteSignals(1);
            if (result != 0) {
                throw new IllegalStateException(posix.errnoName(-result));
            }
            posix.write(1, bytes("r"), 0, 1);
            Thread.currentThread().join();
        }
    }
}
