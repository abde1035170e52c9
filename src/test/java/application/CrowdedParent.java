package application;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jmultiprocessing.Multiprocessing;
import org.jmultiprocessing.errors.ProcessException;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.StartMethod;

/**
 * A program with a fork server, in a control group that has as many processes as it may have for a while. Prints what becomes of a child meanwhile,
 * and of the next one as soon as there is room again: a server that had ended could not have it by then.
 */
public final class CrowdedParent {
    /** What its lines begin with. */
    public static final String MARK = "child: ";

    private static final int OF_SERVER = 10;
    private static final int SPAWNED = 11;
    private static final long SERVER_NANOS = 60_000_000_000L;

    private CrowdedParent() { }

    private static void tell() throws IOException {
        System.exit(Files.readString(Path.of("/proc/self/cmdline")).contains("ZygoteMain") ? OF_SERVER : SPAWNED);
    }

    private static void awaitEnd(Connection connection) throws InterruptedException {
        connection.poll(null);
    }

    private static String child() throws InterruptedException {
        try (Process child = Process.builder(CrowdedParent::tell).startMethod(StartMethod.FORKSERVER).start()) {
            child.join();
            int code = child.exitCode().getAsInt();
            return code == OF_SERVER ? "of the server" : code == SPAWNED ? "spawned" : "exit code " + code;
        } catch (ProcessException refused) {
            return "refused: " + refused.getMessage();
        }
    }

    /** Marked, as a JVM that gets no threads says so in between. */
    private static void print(String outcome) {
        System.out.println(MARK + outcome);
    }

    private static void fill(List<Thread> threads, CountDownLatch end) {
        while (OddParent.startThread(threads, end)) {
            Thread.onSpinWait();
        }
    }

    /**
     * @param arguments none
     * @throws Exception if something is wrong
     */
    public static void main(String[] arguments) throws Exception {
        Multiprocessing.prestartForkServer();
        long deadline = System.nanoTime() + SERVER_NANOS;
        String first = child();
        while (!first.equals("of the server") && System.nanoTime() - deadline < 0) {
            first = child();
        }
        print(first);
        try (Pipe pipe = Pipe.duplex(); Process other = new Process(CrowdedParent::awaitEnd, pipe.second())) {
            // With a child that runs this process has all threads that it needs for more of them.
            other.start();
            crowd();
            pipe.first().close();
            other.join();
        }
    }

    private static void crowd() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        fill(threads, end);
        String crowded = child();
        for (int i = 0; i < OF_SERVER && !crowded.startsWith("refused"); i++) {
            // It was there already, forked ahead, and has left room.
            fill(threads, end);
            crowded = child();
        }
        print(crowded);
        end.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        print(child());
    }
}
