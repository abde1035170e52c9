package application;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.jmultiprocessing.errors.ProcessException;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.StartMethod;
import org.jmultiprocessing.task.Task;

/** Programs that do by native means what no program of Java alone does, and print what becomes of their forks: {@code OddParent CASE}. */
public final class OddParent {
    private static final int BLOCK = 0;
    private static final int UNBLOCK = 1;
    private static final int SIGNAL_SET = 128;
    /** Those that the C library leaves to programs. */
    private static final int FIRST_SIGNAL = 34;
    private static final int LAST_SIGNAL = 64;
    private static final int LOCK_ALL = 3;
    private static final int FORKS = 8;
    private static final int COMPRESSED = 96 << 20;

    private OddParent() { }

    private static Function function(String name) {
        return NativeLibrary.getProcess().getFunction(name, Function.C_CONVENTION);
    }

    private static void call(String name, Object... arguments) {
        int result = function(name).invokeInt(arguments);
        if (result != 0) {
            throw new IllegalStateException(name + ": " + result);
        }
    }

    static void fork(Task task) throws InterruptedException {
        try (Process child = Process.builder(task).startMethod(StartMethod.FORK).daemon(true).start()) {
            child.join();
            System.out.println("exit code " + child.exitCode().getAsInt());
        } catch (IllegalStateException | ProcessException | OutOfMemoryError refused) {
            System.out.println("refused: " + refused.getMessage());
        }
    }

    private static void fork() throws InterruptedException {
        fork(() -> { });
    }

    /** A thread of Java's that no signal reaches. */
    private static void deaf() throws InterruptedException {
        CountDownLatch isDeaf = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            Memory all = new Memory(SIGNAL_SET);
            call("sigfillset", all);
            call("pthread_sigmask", BLOCK, all, Pointer.NULL);
            isDeaf.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            call("pthread_sigmask", UNBLOCK, all, Pointer.NULL);
        }, "deaf");
        thread.start();
        isDeaf.await();
        fork();
        end.countDown();
        thread.join();
        fork();
    }

    /** Somebody's handler is there for every signal, before this library is; it can have one, which is then taken from it. */
    private static void takesSignals() throws InterruptedException {
        Pointer handler = function("abs");
        for (int number = FIRST_SIGNAL; number <= LAST_SIGNAL; number++) {
            function("signal").invokePointer(new Object[] {number, handler});
        }
        fork();
        for (int given = FIRST_SIGNAL + 2; given < FIRST_SIGNAL + 5; given++) {
            function("signal").invokePointer(new Object[] {given, Pointer.NULL});
            fork();
            function("signal").invokePointer(new Object[] {given, handler});
        }
        fork();
    }

    /** Loads libraries without a pause, each a file of its own. */
    private static void loads() throws Exception {
        Path folder = Files.createTempDirectory("libraries");
        Path original = Path.of(System.getProperty("java.home"), "lib", "libprefs.so");
        AtomicInteger count = new AtomicInteger();
        AtomicBoolean ending = new AtomicBoolean();
        Thread loader = new Thread(() -> {
            while (!ending.get()) {
                loadCopy(original, folder.resolve("of-parent-" + count.incrementAndGet() + ".so"));
            }
        }, "loader");
        loader.start();
        for (int i = 0; i < FORKS; i++) {
            Path own = folder.resolve("of-child-" + i + ".so");
            fork(() -> loadCopy(original, own));
            int before = count.get();
            while (count.get() == before && loader.isAlive()) {
                Thread.onSpinWait();
            }
        }
        ending.set(true);
        loader.join();
        Files.delete(folder);
    }

    private static void loadCopy(Path original, Path copy) {
        try {
            Files.copy(original, copy);
            System.load(copy.toString());
            Files.delete(copy);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Endless {
        static final CountDownLatch BEGUN = new CountDownLatch(1);
        static final CountDownLatch END = new CountDownLatch(1);

        private Endless() { }
    }

    private static final class Initializing {
        static final boolean DONE = initialize();

        private Initializing() { }

        private static boolean initialize() {
            Endless.BEGUN.countDown();
            try {
                Endless.END.await();
                return true;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /**
     * A thread holds arrays of the heap's for native code, for seconds, so that nothing is collected; another one holds a lock, so that the fork
     * looks for its moment until it needs memory.
     */
    private static void compresses() throws Exception {
        byte[] in = new byte[COMPRESSED];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < in.length; i++) {
            in[i] = (byte) random.nextInt(16);
        }
        byte[] out = new byte[COMPRESSED];
        Thread compressing = new Thread(() -> {
            Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
            deflater.setInput(in);
            deflater.finish();
            deflater.deflate(out);
            deflater.end();
        }, "compresses");
        Thread initializing = new Thread(() -> System.setProperty("initialized", String.valueOf(Initializing.DONE)), "initializes");
        fork();
        System.gc();
        initializing.start();
        Endless.BEGUN.await();
        compressing.start();
        while (!isIn(compressing, "deflateBytes")) {
            Thread.onSpinWait();
        }
        fork();
        Endless.END.countDown();
        initializing.join();
        compressing.join();
        fork();
    }

    private static boolean isIn(Thread thread, String method) {
        StackTraceElement[] stack = thread.getStackTrace();
        if (!thread.isAlive()) {
            throw new IllegalStateException("it has ended");
        }
        return stack.length > 0 && stack[0].getMethodName().startsWith(method);
    }

    /** All its memory is locked. */
    private static void locksMemory() throws InterruptedException {
        call("mlockall", LOCK_ALL);
        byte[][] blocks = new byte[64][1 << 16];
        fork(() -> {
            for (int i = 0; i < 2000; i++) {
                blocks[i % blocks.length] = new byte[1 << 16];
            }
            System.gc();
            Thread thread = new Thread(() -> System.setProperty("ran", "yes"));
            thread.start();
            thread.join();
            System.exit("yes".equals(System.getProperty("ran")) ? 0 : 1);
        });
        fork();
    }

    /** There are as many threads as its user may have. */
    private static void crowded() throws InterruptedException {
        fork();
        CountDownLatch some = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        while (startThread(threads, threads.size() < 2 ? some : end)) {
            Thread.onSpinWait();
        }
        fork();
        some.countDown();
        join(threads.subList(0, 2));
        // Now there is room for the process, and not for its threads.
        fork();
        end.countDown();
        join(threads);
        fork();
    }

    /** Returns whether there was room for one more. */
    static boolean startThread(List<Thread> threads, CountDownLatch end) {
        Thread thread = new Thread(() -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }, "filler");
        thread.setDaemon(true);
        try {
            thread.start();
            return threads.add(thread);
        } catch (OutOfMemoryError full) {
            return false;
        }
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Prints how many descriptors the busy thread of the parent's has in the child: it must not repeat there what it was about to write. */
    private static void countsDescriptors() throws Exception {
        try (BusyThread busy = new BusyThread()) {
            busy.awaitBeat();
            fork(() -> {
                for (Path thread : list(Path.of("/proc/self/task"))) {
                    if (Files.readString(thread.resolve("comm")).trim().equals("busy")) {
                        System.exit(list(thread.resolve("fd")).size());
                    }
                }
                System.exit(-1);
            });
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /**
     * @param arguments which
     * @throws Exception if something is wrong
     */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "deaf" -> deaf();
            case "takes signals" -> takesSignals();
            case "loads" -> loads();
            case "compresses" -> compresses();
            case "locks memory" -> locksMemory();
            case "crowded" -> crowded();
            case "counts descriptors" -> countsDescriptors();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println("goes on");
    }
}
