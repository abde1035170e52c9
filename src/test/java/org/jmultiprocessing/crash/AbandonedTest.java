package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.internal.registry.Tree;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.queue.Queue;
import org.jmultiprocessing.sharedmemory.SharedByteArray;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process had alone is removed from shared memory soon after it has ended without closing it; what is on its way to somebody is not. */
@Timeout(60)
class AbandonedTest {
    private static final int LARGE = 2 << 20;
    private static final int ELEMENTS = 123_457;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    /** Makes a queue with all kinds of files and an array, and a second queue whose handle it sends. */
    private static void own(Connection handles, Connection made, boolean exits) throws Exception {
        Queue<byte[]> alone = new Queue<>();
        for (int i = 0; i < 100; i++) {
            alone.put(new byte[10_000]);
        }
        alone.put(new byte[LARGE]);
        SharedByteArray array = new SharedByteArray(ELEMENTS);
        Queue<byte[]> sent = new Queue<>();
        sent.put(new byte[] {1, 2, 3});
        handles.send(sent);
        made.send(true);
        if (exits) {
            Runtime.getRuntime().halt(0);
        }
        Thread.sleep(Long.MAX_VALUE);
        array.close();
        alone.close();
    }

    @SuppressWarnings("unchecked")
    private static Queue<byte[]> received(Connection handles) throws InterruptedException {
        return (Queue<byte[]>) handles.recv();
    }

    private static Set<String> files() {
        Set<String> names = new TreeSet<>();
        for (File file : new File(Tree.current().directory()).listFiles()) {
            boolean isPart = file.getName().matches("(queue|ring|blob)-.*") || file.getName().startsWith("arena-") && file.length() > ELEMENTS;
            if (isPart) {
                names.add(file.getName());
            }
        }
        return names;
    }

    private static long count(Set<String> names, String prefix) {
        return names.stream().filter(name -> name.startsWith(prefix)).count();
    }

    /** Until only the queue that is on its way is left. */
    private static void awaitRemoval(Set<String> made) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        Set<String> left = made;
        while (left.size() > 1) {
            assertTrue(System.nanoTime() - end < 0, "left: " + left);
            LockSupport.parkNanos(1_000_000);
            left = files();
            left.retainAll(made);
        }
        assertEquals(1, count(left, "queue-"), "the handle under way is of no use");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatADeadProcessHadAloneIsRemoved(boolean exits) throws Exception {
        try (Queue<Integer> own = new Queue<>(); Pipe handles = Pipe.oneWay(); Pipe news = Pipe.oneWay()) {
            own.put(7);
            Set<String> before = files();
            Process owner = new Process(AbandonedTest::own, handles.writer(), news.writer(), exits);
            owner.start();
            assertEquals(true, news.reader().recv());
            Set<String> made = files();
            made.removeAll(before);
            assertEquals(List.of(2L, 1L, 1L), List.of(count(made, "queue-"), count(made, "blob-"), count(made, "arena-")), made::toString);
            assertTrue(count(made, "ring-") > 0, made::toString);
            if (!exits) {
                owner.kill();
            }
            owner.join();
            owner.close();
            awaitRemoval(made);
            try (Queue<byte[]> sent = received(handles.reader())) {
                assertArrayEquals(new byte[] {1, 2, 3}, sent.get());
            }
            made.retainAll(files());
            assertEquals(Set.of(), made);
            assertEquals(7, own.get());
        }
    }
}
