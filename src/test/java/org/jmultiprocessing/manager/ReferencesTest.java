package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.queue.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An object lives as long as there is a proxy of it somewhere, also one that is under way. */
@Timeout(60)
class ReferencesTest extends SharedManager {
    /** What is unreachable is found in the collector's own time. */
    private static void awaitObjects(int count) {
        long end = System.nanoTime() + 30_000_000_000L;
        while (manager.numberOfObjects() > count) {
            assertTrue(System.nanoTime() < end, () -> manager.numberOfObjects() + " objects are left, not " + count);
            System.gc();
        }
        assertEquals(count, manager.numberOfObjects());
    }

    @Test
    void proxiesThatAreUnreachableLetGo() {
        awaitObjects(0);
        List<Object> proxies = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            proxies.add(manager.dict());
        }
        assertEquals(50, manager.numberOfObjects());
        assertTrue(proxies.remove(0) != null);
        awaitObjects(49);
        assertEquals("{}", proxies.get(0).toString());
        proxies.clear();
        awaitObjects(0);
    }

    @Test
    void aNestedObjectLivesInItsContainer() {
        ListProxy<Object> outer = manager.list();
        outer.add(manager.list(List.of(1, 2)));
        awaitObjects(1);
        assertEquals(List.of(1, 2), outer.get(0));
        assertEquals("[[1, 2]]", outer.toString());
        awaitObjects(1);
        outer.clear();
        outer.add(outer);
        awaitObjects(1);
    }

    private static void send(Connection connection) throws InterruptedException {
        connection.send(Map.of("list", manager.list(List.of("under way"))));
    }

    private static void receive(Connection connection) throws InterruptedException {
        assertEquals(List.of("under way"), ((Map<?, ?>) connection.recv()).get("list"));
    }

    @Test
    void aProxyUnderWayKeepsItsObject() throws Exception {
        Pipe pipe = Pipe.duplex();
        try (Connection here = pipe.first(); Connection there = pipe.second()) {
            send(here);
            awaitObjects(1);
            receive(there);
        }
        awaitObjects(0);
    }

    @Test
    void aMessageThatIsReadTwiceMakesTwoProxies() throws Exception {
        ListProxy<Integer> list = manager.list();
        Pipe pipe = Pipe.duplex();
        try (Connection here = pipe.first(); Connection there = pipe.second()) {
            here.send(list);
            byte[] message = there.recvBytes();
            for (int i = 0; i < 2; i++) {
                there.sendBytes(message);
                @SuppressWarnings("unchecked") // It was sent above.
                ListProxy<Integer> received = (ListProxy<Integer>) here.recv();
                received.add(i);
            }
        }
        assertEquals(List.of(0, 1), list);
    }

    static void passOn(Queue<Object> in, Queue<Object> out) throws InterruptedException {
        @SuppressWarnings("unchecked") // The test puts it in.
        List<Object> list = (List<Object>) in.get();
        list.add("seen");
        out.put(List.of(list, "passed on"));
    }

    @Test
    void proxiesTravelThroughQueues() throws Exception {
        try (Queue<Object> there = new Queue<>(); Queue<Object> back = new Queue<>();
                Process child = new Process(ReferencesTest::passOn, there, back)) {
            child.start();
            ListProxy<Object> list = manager.list();
            there.put(list);
            List<?> answer = (List<?>) back.get();
            child.join();
            assertEquals(list, answer.get(0));
            assertEquals(List.of("seen"), list);
        }
    }

    @Test
    void aProxyOfAnotherManagerTravelsToo() throws Exception {
        try (Manager other = Manager.start()) {
            DictProxy<String, Object> dict = manager.dict();
            ListProxy<Object> list = other.list(List.of(1));
            dict.put("list", list);
            list.add(2);
            assertEquals("{list=[1, 2]}", dict.toString());
            assertEquals(list, dict.get("list"));
        }
    }

    @Test
    void anotherSessionsObjectCannotBeHadByItsNumber() {
        ListProxy<Object> list = manager.list();
        Handle handle = list.handle();
        Handle guessed = new RemoteHandle(((RemoteHandle) handle).link(), handle.object() + 1000, handle.description());
        assertThrows(IllegalArgumentException.class, guessed::text);
    }
}
