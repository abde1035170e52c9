package org.jmultiprocessing.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import application.BusyThread;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jmultiprocessing.Multiprocessing;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.ProcessException;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.ForkPosix;
import org.jmultiprocessing.manager.Manager;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.queue.Queue;
import org.jmultiprocessing.support.InThread;
import org.jmultiprocessing.support.Stranger;
import org.jmultiprocessing.support.Streams;
import org.jmultiprocessing.sync.Lock;
import org.jmultiprocessing.task.Task;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Children that are forked from this very JVM, with all the threads that the tests and their runner have. */
@Tag("smoke")
@Timeout(120)
class ForkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int FIRST_STEP = 1;
    private static final int LAST_STEP = 8;
    private static final int MUTEX_BYTES = 64;
    /** In the child. */
    private static final int TWIN_STEP = 9;
    private static final int EIO = 5;

    @TempDir
    private Path folder;

    @BeforeEach
    void requireFork() {
        assumeTrue(StartMethod.available().contains(StartMethod.FORK), "this JVM cannot be forked");
    }

    private static Builder forked(Task target) {
        return Process.builder(target).startMethod(StartMethod.FORK);
    }

    private static void runs(Task target) throws InterruptedException {
        try (Process process = forked(target).start()) {
            assertTrue(process.join(PATIENCE), "it does not end");
            assertEquals(0, process.exitCode().getAsInt(), "its stderr says why");
        }
    }

    /** The tests' runner has a stdout of its own, which children keep. */
    private static void say(String text) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out));
        out.print(text);
        out.flush();
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException(what);
        }
    }

    @Test
    void aChildHasTheHeapAndChangesItsOwn() throws InterruptedException {
        // No serialization could take this along.
        Object unserializable = new Object();
        int hash = unserializable.hashCode();
        List<String> list = new ArrayList<>(List.of("parent"));
        Thread forking = Thread.currentThread();
        try (Pipe pipe = Pipe.duplex();
                Process process = forked(() -> {
                    list.add("child");
                    pipe.second().send(list.toString() + (unserializable.hashCode() == hash) + (Thread.currentThread() == forking));
                }).start()) {
            assertEquals("[parent, child]truetrue", pipe.first().recv());
            assertTrue(process.join(PATIENCE));
            assertEquals(List.of("parent"), list);
        }
    }

    @Test
    void aChildCollectsCompilesThrowsAndStartsThreads() throws InterruptedException {
        runs(() -> {
            long sum = 0;
            for (int i = 0; i < 200_000; i++) {
                sum += new byte[100 + i % 100].length;
            }
            System.gc();
            AtomicInteger count = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(new Thread(() -> {
                    try {
                        Integer.parseInt("no number");
                    } catch (NumberFormatException expected) {
                        count.incrementAndGet();
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            require(count.get() == 4 && sum > 0, "threads ran");
            // Of the JDK's common pool, whose idle workers are the child's too.
            require(CompletableFuture.supplyAsync(() -> 7).get(20, TimeUnit.SECONDS) == 7, "the common pool works");
        });
    }

    @Test
    void theParentGoesOnAndSoDoItsThreads() throws Exception {
        try (BusyThread busy = new BusyThread()) {
            for (int i = 0; i < 5; i++) {
                runs(() -> { });
                busy.awaitBeat();
            }
        }
    }

    @Test
    void exitCodesAndSignalsAreTheChilds() throws InterruptedException {
        try (Process exiting = forked(() -> System.exit(5)).start();
                Process failing = forked(() -> {
                    System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err)));
                    throw new IllegalStateException("on purpose");
                }).stderr(Redirect.PIPE).start()) {
            assertTrue(exiting.join(PATIENCE));
            assertEquals(5, exiting.exitCode().getAsInt());
            String text = Streams.stderr(failing);
            assertTrue(text.contains("on purpose") && text.contains(failing.name()), text);
            assertTrue(failing.join(PATIENCE));
            assertEquals(1, failing.exitCode().getAsInt());
        }
        assertEquals(-15, endedBy(Process::terminate));
        assertEquals(-9, endedBy(Process::kill));
        assertEquals(-2, endedBy(Process::interrupt));
    }

    private static int endedBy(Consumer<Process> end) throws InterruptedException {
        try (Pipe pipe = Pipe.duplex();
                Process process = forked(() -> {
                    pipe.second().send("here");
                    pipe.second().recv();
                }).start()) {
            assertEquals("here", pipe.first().recv());
            end.accept(process);
            assertTrue(process.join(PATIENCE));
            return process.exitCode().getAsInt();
        }
    }

    @Test
    void hooksAndFilesOfTheParentAreLeftAlone() throws IOException, InterruptedException {
        File doomed = folder.resolve("doomed").toFile();
        Files.createFile(doomed.toPath());
        doomed.deleteOnExit();
        Path trace = folder.resolve("trace");
        Thread hook = new Thread(() -> {
            try {
                Files.createFile(trace);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        Path own = folder.resolve("own");
        try (Process process = forked(() -> {
            Files.createFile(own);
            own.toFile().deleteOnExit();
            System.exit(0);
        }).start()) {
            assertTrue(process.join(PATIENCE));
            assertEquals(0, process.exitCode().getAsInt());
        } finally {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        assertTrue(doomed.exists(), "the parent's file");
        assertFalse(Files.exists(trace), "the parent's hook");
        assertFalse(Files.exists(own), "the child's own file");
    }

    @Test
    void hooksAroundForksRunInTheirOrder() throws InterruptedException {
        StringBuffer order = new StringBuffer();
        AtomicInteger active = new AtomicInteger(1);
        for (String name : List.of("1", "2")) {
            Multiprocessing.registerAtFork(() -> order.append(active.get() == 1 ? "b" + name : ""),
                    () -> order.append(active.get() == 1 ? "p" + name : ""), () -> order.append(active.get() == 1 ? "c" + name : ""));
        }
        try (Pipe pipe = Pipe.duplex(); Process process = forked(() -> pipe.second().send(order.toString())).start()) {
            assertEquals("b2b1c1c2", pipe.first().recv());
            assertTrue(process.join(PATIENCE));
            assertEquals("b2b1p1p2", order.toString());
        } finally {
            active.set(0);
        }
    }

    @Test
    void queuesAndLocksAreSharedAndTheChildIsAMemberOfItsOwn() throws InterruptedException {
        Lock lock = new Lock();
        try (Queue<Integer> in = new Queue<>(10); Queue<Object> out = new Queue<>()) {
            try (Process process = forked(() -> {
                int sum = 0;
                for (int next = in.take(); next >= 0; next = in.take()) {
                    lock.lock();
                    sum += next;
                    lock.unlock();
                }
                out.put(sum);
                lock.lock();
                out.put("held");
                new CountDownLatch(1).await();
            }).start()) {
                for (int i = 0; i < 100; i++) {
                    in.put(i);
                }
                in.put(-1);
                assertEquals(4950, out.take());
                assertEquals("held", out.take());
                assertTrue(lock.isLocked());
                process.kill();
                assertTrue(lock.tryAcquire(PATIENCE), "it is taken back from the dead child, not from its parent");
                assertTrue(process.join(PATIENCE));
            }
            lock.unlock();
            out.put("still there");
            assertEquals("still there", out.take());
        }
    }

    @Test
    void aChildMakesSharedObjectsOfItsOwn() throws InterruptedException {
        Lock parents = new Lock();
        try (Queue<Boolean> answers = new Queue<>()) {
            try (Process process = forked(() -> {
                Lock own = new Lock();
                own.lock();
                answers.put(parents.tryAcquire());
                try (Queue<Integer> queue = new Queue<>()) {
                    queue.put(1);
                    answers.put(queue.take() == 1);
                }
            }).start()) {
                assertTrue(answers.take(), "the lines are not the parent's");
                assertTrue(answers.take());
                assertTrue(process.join(PATIENCE));
                assertEquals(0, process.exitCode().getAsInt());
            }
        }
    }

    @Test
    void proxiesOfAManagerHaveConnectionsOfTheirOwn() throws InterruptedException {
        try (Manager manager = Manager.start()) {
            Map<String, Integer> dict = manager.dict();
            for (int i = 0; i < 300; i++) {
                dict.put("warm", i);
            }
            List<Process> children = new ArrayList<>();
            for (String name : List.of("a", "b")) {
                children.add(forked(() -> {
                    for (int i = 0; i < 300; i++) {
                        dict.put(name, i);
                        require(dict.get(name) == i, name + " reads what it wrote");
                    }
                }).start());
            }
            for (int i = 0; i < 300; i++) {
                dict.put("parent", i);
                assertEquals(i, dict.get("parent"));
            }
            for (Process child : children) {
                assertTrue(child.join(PATIENCE));
                assertEquals(0, child.exitCode().getAsInt());
                child.close();
            }
            assertEquals(Map.of("warm", 299, "a", 299, "b", 299, "parent", 299), Map.copyOf(dict));
        }
    }

    @Test
    void aQueueOutlivesTheParentsHandle() throws InterruptedException {
        Queue<String> queue = new Queue<>();
        try (Pipe pipe = Pipe.duplex();
                Process process = forked(() -> {
                    pipe.second().send("ready");
                    pipe.second().recv();
                    // More than the first ring holds: files are made by the queue's name.
                    for (int i = 0; i < 500; i++) {
                        queue.put("x".repeat(1000));
                    }
                    int count = 0;
                    while (queue.poll() != null) {
                        count++;
                    }
                    pipe.second().send(count);
                    queue.close();
                }).start()) {
            assertEquals("ready", pipe.first().recv());
            queue.close();
            pipe.first().send("closed");
            assertEquals(500, pipe.first().recv());
            assertTrue(process.join(PATIENCE));
            assertEquals(0, process.exitCode().getAsInt());
        }
    }

    @Test
    void environmentDirectoryAndLimitsAreTheChilds() throws IOException, InterruptedException {
        Path place = folder.toRealPath();
        assertEquals("value null " + place + "/x " + place + "/y", Streams.outputOf(forked(() -> say(System.getenv("ADDED") + " "
                + System.getenv("ABSENT") + " " + new File("x").getAbsolutePath() + " " + Path.of("y").toAbsolutePath()))
                .environment(Map.of("ADDED", "value")).directory(place)));
        assertEquals("99 0", Streams.outputOf(forked(() -> say(line("/proc/self/limits", "Max open files").split("\\s+")[3] + " "
                + line("/proc/thread-self/status", "Cpus_allowed_list").split("\\s+")[1])).limit(ResourceLimit.NOFILE, 99, 99).affinity(0)));
    }

    private static String line(String file, String begin) throws IOException {
        return Files.readString(Path.of(file)).lines().filter(line -> line.startsWith(begin)).findFirst().get();
    }

    @Test
    void childrenKnowWhoTheyAre() throws IOException, InterruptedException {
        long parent = ProcessHandle.current().pid();
        try (Process process = forked(() -> say(ProcessHandle.current().pid() + " " + ProcessHandle.current().parent().get().pid() + " "
                + Files.readString(Path.of("/proc/self/stat")).split(" ")[0] + " " + Multiprocessing.currentProcess().name() + " "
                + Multiprocessing.parentProcess().get().pid() + " " + Multiprocessing.activeChildren())).name("me").stdout(Redirect.PIPE).start()) {
            long pid = process.pid().getAsLong();
            assertEquals(pid + " " + parent + " " + pid + " me " + parent + " []", Streams.stdout(process));
            assertTrue(process.join(PATIENCE));
        }
    }

    @Test
    void noTwoChildrenDrawTheSameRandomNumbers() throws InterruptedException {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            for (String number : Streams.outputOf(forked(() -> {
                System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out)));
                ForkServerTest.printRandomNumbers();
                System.out.flush();
            })).split("\\s+")) {
                assertTrue(seen.add(number), number + " was drawn before");
            }
        }
        assertEquals(3 * 6 * 1000, seen.size());
    }

    @Test
    void childrenHaveChildrenByEachMethod() throws InterruptedException {
        assertEquals("grandchild child", Streams.outputOf(forked(() -> {
            System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err)));
            say(Streams.outputOf(forked(() -> say("grandchild "))));
            say("child");
        })));
        assertEquals("spawned", Streams.outputOf(forked(() -> say(
                Streams.outputOf(Process.builder(ForkServerTest::printOrigin).startMethod(StartMethod.SPAWN))))));
    }

    @Test
    void aChildEndsWithItsKilledParent() throws InterruptedException {
        try (Pipe pipe = Pipe.duplex();
                Process middle = forked(() -> {
                    try (Process leaf = forked(() -> new CountDownLatch(1).await()).start()) {
                        pipe.second().send(leaf.pid().getAsLong());
                        leaf.join();
                    }
                }).start()) {
            Stranger leaf = new Stranger((Long) pipe.first().recv());
            middle.kill();
            assertTrue(middle.join(PATIENCE));
            assertTrue(leaf.awaitEnd(PATIENCE), "the child lives on");
        }
    }

    @Test
    void aChildThatCannotComeIntoBeingIsAnError() throws InterruptedException {
        ForkPosix posix = (ForkPosix) Binding.posix();
        posix.forkFail(TWIN_STEP, EIO);
        try (Process process = forked(() -> { }).build()) {
            OsException failure = assertThrows(OsException.class, process::start);
            assertEquals("EIO", failure.errnoName());
            String message = failure.getMessage();
            assertTrue(message.contains("clone a thread") && message.contains("another start method"), message);
        } finally {
            // It failed in the children, so that the order stands here.
            assertEquals(0, posix.forkFail(0, EIO));
        }
        assertEquals(List.of(), Process.active());
        runs(() -> { });
    }

    @Test
    void manyThreadsForkAtOnce() throws Exception {
        List<FutureTask<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(InThread.run(() -> {
                for (int k = 0; k < 5; k++) {
                    assertEquals("forked", Streams.outputOf(forked(() -> say("forked"))));
                }
                return null;
            }));
        }
        for (FutureTask<Void> thread : threads) {
            thread.get(60, TimeUnit.SECONDS);
        }
        assertEquals(4, threads.size());
    }

    /** A class that takes its time. */
    private static final class Endless {
        static final CountDownLatch BEGUN = new CountDownLatch(1);

        private Endless() { }
    }

    private static final class Initializing {
        static final boolean DONE = initialize();

        private Initializing() { }

        private static boolean initialize() {
            Endless.BEGUN.countDown();
            try {
                return new CountDownLatch(1).await(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                return true;
            }
        }
    }

    @Test
    void aForkIsRefusedWhileAnotherThreadInitializesAClass() throws Exception {
        Thread thread = new Thread(() -> assertTrue(Initializing.DONE), "initializer");
        thread.start();
        Endless.BEGUN.await();
        try (Process process = forked(() -> { }).build()) {
            String message = assertThrows(IllegalStateException.class, process::start).getMessage();
            assertTrue(message.contains("initializer") && message.contains("Initializing"), message);
        } finally {
            thread.interrupt();
            thread.join();
        }
        runs(() -> { });
    }

    /** In libc, for a thread that no JVM knows. */
    private interface Threads extends Library {
        int pthread_create(PointerByReference thread, Pointer attributes, Pointer body, Pointer argument);

        int pthread_join(Pointer thread, Pointer result);

        int pthread_mutex_lock(Pointer mutex);

        int pthread_mutex_unlock(Pointer mutex);
    }

    @Test
    void aThreadThatTheJvmDoesNotKnowIsRefusedUnlessAllowed() throws InterruptedException {
        Threads libc = Native.load(Threads.class);
        PointerByReference thread = new PointerByReference();
        // It waits until this thread lets it, whatever signals come.
        Memory mutex = new Memory(MUTEX_BYTES);
        mutex.clear();
        assertEquals(0, libc.pthread_mutex_lock(mutex));
        assertEquals(0, libc.pthread_create(thread, null, NativeLibrary.getProcess().getFunction("pthread_mutex_lock"), mutex));
        try (Process process = forked(() -> { }).build()) {
            String message = assertThrows(IllegalStateException.class, process::start).getMessage();
            assertTrue(message.contains("jmultiprocessing.fork.nativeThreads"), message);
            System.setProperty("jmultiprocessing.fork.nativeThreads", "allow");
            runs(() -> { });
        } finally {
            System.clearProperty("jmultiprocessing.fork.nativeThreads");
            assertEquals(0, libc.pthread_mutex_unlock(mutex));
            assertEquals(0, libc.pthread_join(thread.getValue(), null));
        }
        runs(() -> { });
    }

    @Test
    void whatAForkCannotGiveIsRefused() {
        try (Process process = forked(() -> { }).jvmOptions("-Xmx50m").build()) {
            assertTrue(assertThrows(IllegalStateException.class, process::start).getMessage().contains("jvmOptions"));
        }
    }

    @Test
    void aFailureAtAnyStepLeavesTheParentAsItWas() throws InterruptedException {
        ForkPosix posix = (ForkPosix) Binding.posix();
        for (int step = FIRST_STEP; step <= LAST_STEP; step++) {
            posix.forkFail(step, EIO);
            try (Process process = forked(() -> { }).build()) {
                assertEquals("EIO", assertThrows(OsException.class, process::start, "step " + step).errnoName());
            }
            runs(() -> { });
        }
        assertEquals(List.of(), Process.active());
    }
}
