package application;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jmultiprocessing.Multiprocessing;
import org.jmultiprocessing.errors.ProcessException;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.StartMethod;

/**
 * A program that has children whatever it runs in, and prints what becomes of each: {@code Surrounded METHOD CHILDREN [SYSCALL=ERRNO,...]}, with
 * what is refused from its own beginning on. Its own thread has to go on all the time.
 */
public final class Surrounded {
    private static final int FIRST_CODE = 40;
    private static final int FORKED = 100;
    private static final long SERVER_NANOS = 60_000_000_000L;
    /** A logger is kept by nobody else. */
    private static final Logger LOGGER = Logger.getLogger("org.jmultiprocessing");

    private Surrounded() { }

    /** What the library warns of. */
    private static final class Warnings extends Handler {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void publish(LogRecord record) {
            System.out.println("warned: " + record.getMessage());
            count.incrementAndGet();
        }

        @Override
        public void flush() {
            System.out.flush();
        }

        @Override
        public void close() {
            flush();
        }
    }

    /** A fork has the command line of its server. */
    private static void exitWith(int code) throws IOException {
        boolean ofServer = Files.readString(Path.of("/proc/self/cmdline")).contains("ZygoteMain");
        System.exit(ofServer ? code + FORKED : code);
    }

    /** Prints the outcome; whether the child came from a server. */
    private static boolean run(StartMethod method, int code, boolean silently) throws InterruptedException {
        try (Process child = Process.builder(Surrounded::exitWith, code).startMethod(method).start()) {
            child.join();
            int outcome = child.exitCode().getAsInt();
            if (!silently) {
                System.out.println(outcome == code + FORKED ? "of the server: " + code : method + ": " + outcome);
            }
            return outcome == code + FORKED;
        } catch (IllegalStateException | ProcessException | OutOfMemoryError refused) {
            System.out.println("refused: " + refused.getMessage());
            return false;
        }
    }

    /** The first children are spawned, until the server is there, or it is known that there will be none. */
    private static void awaitServer(Warnings warnings) throws InterruptedException {
        long end = System.nanoTime() + SERVER_NANOS;
        while (warnings.count.get() == 0 && !run(StartMethod.FORKSERVER, 0, true)) {
            if (System.nanoTime() - end > 0) {
                System.out.println("no server, and no warning");
                return;
            }
        }
    }

    /**
     * @param arguments method, children, what is refused
     * @throws Exception if something is wrong
     */
    public static void main(String[] arguments) throws Exception {
        StartMethod method = StartMethod.valueOf(arguments[0]);
        int children = Integer.parseInt(arguments[1]);
        Warnings warnings = new Warnings();
        LOGGER.addHandler(warnings);
        LOGGER.setUseParentHandlers(false);
        try (BusyThread busy = new BusyThread()) {
            if (arguments.length > 2) {
                Sandbox.enter(List.of(arguments[2].split(",")));
            }
            if (method == StartMethod.FORKSERVER) {
                Multiprocessing.prestartForkServer();
                awaitServer(warnings);
            }
            for (int i = 0; i < children; i++) {
                run(method, FIRST_CODE + i, false);
                busy.awaitBeat();
            }
        }
        System.out.println("goes on");
    }
}
