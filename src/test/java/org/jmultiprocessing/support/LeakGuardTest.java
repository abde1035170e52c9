package org.jmultiprocessing.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.container;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;

@Tag("smoke")
class LeakGuardTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Snapshot before = Snapshot.take();

    @Test
    void seesAnOpenDescriptor(@TempDir Path folder) throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "descriptors are seen in /proc only");
        Path file = Files.createFile(folder.resolve("left-open"));
        try (InputStream stream = Files.newInputStream(file)) {
            assertOnlyLeft("left-open");
        }
        assertNothingLeft();
    }

    @Test
    void seesAChild() throws IOException, InterruptedException {
        Process child = new ProcessBuilder("sleep", "60").start();
        try {
            assertTrue(left().stream().anyMatch(line -> line.startsWith("child " + child.pid() + ": ")), () -> "found " + left());
        } finally {
            child.destroyForcibly().waitFor();
            child.getInputStream().close();
            child.getErrorStream().close();
            child.getOutputStream().close();
        }
        assertNothingLeft();
    }

    @Test
    void seesAUsersThread() throws InterruptedException {
        withThread("left-running", false, () -> assertOnlyLeft("thread left-running"));
        withThread("left-running", true, this::assertNothingLeft);
    }

    @Test
    void seesTheLibrarysThreadsButThoseItKeeps() throws InterruptedException {
        withThread("jmp-something", true, () -> assertOnlyLeft("thread jmp-something"));
        withThread("jmp-watcher", true, this::assertNothingLeft);
    }

    @Test
    void seesANameInSharedMemory() throws IOException {
        Path folder = Path.of("/dev/shm");
        assumeTrue(Files.isDirectory(folder), "names of shared memory are seen in /dev/shm only");
        Path name = Files.createTempFile(folder, "jmp-leak-guard", "");
        try {
            assertOnlyLeft(name.toString());
        } finally {
            Files.delete(name);
        }
        assertNothingLeft();
    }

    @Test
    void failsTheClassThatLeaks() throws InterruptedException {
        LeakingCase.end = new CountDownLatch(1);
        try {
            EngineTestKit.engine("junit-jupiter").configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                    .configurationParameter(LeakGuard.PATIENCE, "50").selectors(selectClass(LeakingCase.class)).execute()
                    .containerEvents().assertThatEvents().haveExactly(1, event(container(LeakingCase.class),
                            finishedWithFailure(message(text -> text.contains("LeakingCase left behind:\n  thread left-by-case")))));
        } finally {
            LeakingCase.end.countDown();
            LeakingCase.thread.join();
        }
    }

    private void withThread(String name, boolean daemon, Runnable check) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(() -> await(end), name);
        thread.setDaemon(daemon);
        thread.start();
        try {
            check.run();
        } finally {
            end.countDown();
            thread.join();
        }
        assertNothingLeft();
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> left() {
        return Snapshot.take().since(before);
    }

    private void assertOnlyLeft(String part) {
        List<String> left = left();
        assertEquals(1, left.size(), () -> "found " + left);
        assertTrue(left.get(0).contains(part), () -> "found " + left);
    }

    private void assertNothingLeft() {
        assertEquals(List.of(), LeakGuard.awaitNothingLeft(before, PATIENCE));
    }

    /** Run by {@link #failsTheClassThatLeaks} alone: runners look for top-level classes. */
    static class LeakingCase {
        static CountDownLatch end;
        static Thread thread;

        @Test
        void leaves() {
            thread = new Thread(() -> await(end), "left-by-case");
            thread.start();
        }
    }
}
