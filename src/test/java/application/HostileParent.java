package application;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.StartMethod;
import org.jmultiprocessing.queue.Queue;
import org.jmultiprocessing.sync.Lock;
import org.jmultiprocessing.task.Task;

/**
 * A program whose threads do all that is hard on a fork, without a pause, while it forks: {@code HostileParent FORKS [THREADS]}, with that many of
 * them, others each time. After each fork the child has to do its work, and every thread of the parent has to go on.
 */
public final class HostileParent {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Of threads that never end what they do. */
    private static final int KINDS = 15;
    private static final int HOT_ROUNDS = 20_000;
    /** So many children, and then one that has a child too. */
    private static final int WITHOUT_CHILD = 2;
    private static final long BEAT_NANOS = 20_000_000_000L;

    private final List<String> names = new ArrayList<>();
    private final List<AtomicLong> beats = new ArrayList<>();

    private final int threads;
    private final Random random = new Random();

    private HostileParent(int threads) {
        this.threads = threads;
    }

    /** What a thread does again and again. */
    private interface Step {
        void run() throws Exception;
    }

    private void loop(String name, Step step) {
        if (random.nextInt(KINDS) >= threads) {
            return;
        }
        AtomicLong count = new AtomicLong();
        names.add(name);
        beats.add(count);
        start(name, () -> {
            while (true) {
                step.run();
                count.incrementAndGet();
            }
        });
    }

    private static void start(String name, Step body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (Exception e) {
                throw new IllegalStateException(name, e);
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Loads a class anew each time. */
    private static final class Anew extends ClassLoader {
        Anew() {
            super(null);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try (InputStream in = HostileParent.class.getClassLoader().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static void loadAnew() throws ReflectiveOperationException {
        Class<?> type = Class.forName("application.Loaded", true, new Anew());
        if (type.getClassLoader() == HostileParent.class.getClassLoader()) {
            throw new IllegalStateException("it was not loaded anew");
        }
    }

    /** The compiler knows a class anew each time too. */
    private static void compileAnew() throws ReflectiveOperationException {
        IntUnaryOperator hot = (IntUnaryOperator) Class.forName("application.Hot", true, new Anew()).getDeclaredConstructor().newInstance();
        for (int i = 0; i < 20; i++) {
            hot.applyAsInt(HOT_ROUNDS);
        }
    }

    private void startThreads() throws Exception {
        Object[] kept = new Object[20_000];
        loop("allocates", () -> kept[random.nextInt(kept.length)] = new byte[random.nextInt(3000)]);
        byte[] in = new byte[5000];
        new Random(2).nextBytes(in);
        loop("compresses", () -> {
            Deflater deflater = new Deflater();
            deflater.setInput(in);
            deflater.finish();
            deflater.deflate(new byte[8000]);
            deflater.end();
        });
        AtomicLong number = new AtomicLong();
        loop("matches", () -> Pattern.compile("(a|b)*c" + number.incrementAndGet() % 100 + "[x-z]{2,5}").matcher("abababc5xyz").find());
        loop("prints", () -> System.out.println("a line of the parent's"));
        Logger logger = Logger.getLogger("parent");
        loop("logs", () -> {
            logger.info("a record of the parent's");
            LockSupport.parkNanos(100_000);
        });
        loop("loads", () -> {
            loadAnew();
            LockSupport.parkNanos(100_000);
        });
        loop("compiles", HostileParent::compileAnew);
        SecureRandom secure = new SecureRandom();
        loop("draws", secure::nextLong);
        loop("parks", () -> LockSupport.parkNanos(700_000));
        Object monitor = new Object();
        loop("waits", () -> {
            synchronized (monitor) {
                monitor.wait(3);
            }
        });
        Path file = Files.createTempFile("hostile", ".txt");
        file.toFile().deleteOnExit();
        loop("writes", () -> Files.write(file, new byte[100]));
        loop("bears threads", () -> {
            Thread child = new Thread(() -> { });
            child.start();
            child.join();
        });
        start("accepts", () -> {
            try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                socket.accept();
            }
        });
        start("reads stdin", () -> System.in.read());
        Queue<Integer> empty = new Queue<>();
        start("gets", empty::get);
        Queue<Integer> there = new Queue<>(4);
        loop("puts and takes", () -> {
            there.put(1);
            there.get();
        });
        Lock lock = new Lock();
        for (String name : List.of("locks", "locks too")) {
            loop(name, () -> {
                lock.lock();
                lock.unlock();
            });
        }
        startVirtualThread();
    }

    /** From JDK 21 on. */
    private void startVirtualThread() throws ReflectiveOperationException {
        if (Runtime.version().feature() < 21) {
            return;
        }
        AtomicLong count = new AtomicLong();
        names.add("virtual");
        beats.add(count);
        Runnable body = () -> {
            while (true) {
                count.incrementAndGet();
                LockSupport.parkNanos(200_000);
            }
        };
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
    }

    /** The child's work. */
    private static void work() throws Exception {
        Object[] kept = new Object[100];
        for (int i = 0; i < 20_000; i++) {
            kept[i % kept.length] = new byte[1000];
        }
        System.gc();
        System.out.println("a line of the child's");
        loadAnew();
        new SecureRandom().nextLong();
        Thread thread = new Thread(() -> Pattern.compile("x*").matcher("xxx").matches());
        thread.start();
        thread.join();
        Files.exists(Path.of("/"));
    }

    /** The same, in a child of the child's, which has the threads of both as they stood. */
    private static void workTwice() throws Exception {
        try (Process child = Process.builder(HostileParent::work).startMethod(StartMethod.FORK).start()) {
            work();
            if (!child.join(PATIENCE)) {
                child.kill();
            }
            child.join();
            System.exit(child.exitCode().getAsInt() == 0 ? 0 : 2);
        }
    }

    private void awaitBeats() {
        long[] before = beats.stream().mapToLong(AtomicLong::get).toArray();
        long end = System.nanoTime() + BEAT_NANOS;
        for (int i = 0; i < before.length; i++) {
            while (beats.get(i).get() == before[i]) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("after a fork the thread that " + names.get(i) + " does not go on");
                }
                LockSupport.parkNanos(50_000);
            }
        }
    }

    /**
     * @param arguments how many forks; of how many of its threads, if not of all
     * @throws Exception if something is wrong
     */
    public static void main(String[] arguments) throws Exception {
        int forks = Integer.parseInt(arguments[0]);
        HostileParent parent = new HostileParent(arguments.length > 1 ? Integer.parseInt(arguments[1]) : KINDS);
        parent.startThreads();
        parent.awaitBeats();
        int refused = 0;
        int bad = 0;
        int hung = 0;
        double[] millis = new double[forks];
        for (int i = 0; i < forks; i++) {
            Task task = i % (WITHOUT_CHILD + 1) == WITHOUT_CHILD ? HostileParent::workTwice : HostileParent::work;
            try (Process child = Process.builder(task).startMethod(StartMethod.FORK).build()) {
                long begin = System.nanoTime();
                try {
                    child.start();
                } catch (IllegalStateException e) {
                    refused++;
                    System.err.println("refused: " + e.getMessage());
                    continue;
                }
                millis[i] = (System.nanoTime() - begin) / 1e6;
                if (!child.join(PATIENCE)) {
                    hung++;
                    System.err.println("hung: " + child);
                    child.kill();
                    child.join();
                } else if (child.exitCode().getAsInt() != 0) {
                    bad++;
                    System.err.println("bad: " + child);
                }
            }
            parent.awaitBeats();
        }
        Arrays.sort(millis);
        System.err.printf("forks %d refused %d bad %d hung %d start median %.1f ms, 99th percentile %.1f ms%n", forks, refused, bad, hung,
                millis[forks / 2], millis[(int) (forks * 0.99)]);
        System.exit(refused + bad + hung == 0 ? 0 : 1);
    }
}
