package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.errors.ManagerException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.QueueEmptyException;
import org.jmultiprocessing.errors.RemoteException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.support.InThread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers for others than the own tree, and what those may do. */
@Timeout(60)
class TrustTest {
    private static final byte[] KEY = {1, 2, 3};

    /** A class that is not one of the compact types. */
    record Point(int x, int y) implements Serializable { }

    private static SocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Test
    void clientsComeOverTcp() throws Exception {
        try (Manager server = Manager.serve(anyPort(), KEY)) {
            QueueProxy<String> jobs = server.queue();
            server.publish("jobs", jobs);
            try (Manager client = Manager.connect(server.address(), KEY)) {
                BlockingQueue<String> queue = client.lookUp("jobs");
                queue.put("from the client");
                assertEquals("from the client", jobs.take());
                FutureTask<String> waiting = InThread.run(queue::take);
                jobs.put("from the server");
                assertEquals("from the server", waiting.get());
                DictProxy<String, Object> dict = client.dict(Map.of("a", 1));
                dict.put("list", client.list(List.of(1, 2)));
                assertEquals(List.of(1, 2), dict.get("list"));
                assertThrows(IllegalArgumentException.class, () -> client.lookUp("nothing"));
            }
        }
    }

    @Test
    void clientsComeOverUnixSockets(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("manager");
        try (Manager server = Manager.serve(UnixDomainSocketAddress.of(path), KEY);
                Manager client = Manager.connect(UnixDomainSocketAddress.of(path), KEY)) {
            assertEquals(server.address(), client.address());
            assertEquals("[1]", client.list(List.of(1)).toString());
        }
        assertFalse(Files.exists(path));
        assertThrows(OsException.class, () -> Manager.connect(UnixDomainSocketAddress.of(path), KEY));
    }

    @Test
    void whoHasNotTheKeyStaysOut() throws Exception {
        try (Manager server = Manager.serve(anyPort(), KEY)) {
            AuthenticationException refused = assertThrows(AuthenticationException.class, () -> Manager.connect(server.address(), new byte[] {1, 2}));
            assertEquals("digest sent was rejected", refused.getMessage());
            try (Manager client = Manager.connect(server.address(), KEY)) {
                assertEquals("{}", client.dict().toString());
            }
        }
    }

    @Test
    void othersSendCompactTypesOnly() throws Exception {
        try (Manager server = Manager.serve(anyPort(), KEY); Manager client = Manager.connect(server.address(), KEY)) {
            ListProxy<Object> list = client.list();
            list.addAll(List.of(1, 2L, 3.0, "four", true, new int[] {5}, List.of(6), Map.of("seven", 8)));
            assertEquals(8, list.size());
            SerializationException refused = assertThrows(SerializationException.class, () -> throwCauseless(() -> list.add(new Point(1, 2))));
            assertTrue(refused.getMessage().contains("ObjectInputFilter"), refused.getMessage());
            assertEquals(8, list.size());
        }
    }

    /** An exception that is no Java object for the client is told by name. */
    private static void throwCauseless(Runnable body) {
        try {
            body.run();
        } catch (RemoteException e) {
            assertEquals(SerializationException.class.getName(), e.className());
            throw new SerializationException(e.getMessage(), e);
        }
    }

    @Test
    void aFilterAllowsMore() throws Exception {
        String filter = Point.class.getName() + ";java.base/*;org.jmultiprocessing.errors.*;!*";
        try (Manager server = Manager.builder().filter(filter).serve(anyPort(), KEY);
                Manager client = Manager.builder().filter(filter).connect(server.address(), KEY)) {
            ListProxy<Object> list = client.list();
            list.add(new Point(1, 2));
            assertEquals(new Point(1, 2), list.get(0));
            assertThrows(UnsupportedOperationException.class, () -> list.update(0, point -> point));
        }
    }

    @Test
    void othersSendNoFunctions() throws Exception {
        try (Manager server = Manager.serve(anyPort(), KEY); Manager client = Manager.connect(server.address(), KEY)) {
            DictProxy<String, Integer> dict = client.dict(Map.of("a", 1));
            // It runs in the client, which is the same process here, so what it captured shows that.
            int[] calls = {0};
            assertEquals(2, dict.compute("a", (key, value) -> value + ++calls[0]));
            assertEquals(1, calls[0]);
            Handle handle = dict.handle();
            ServerBiFunction<String, Integer, Integer> function = (key, value) -> 99;
            assertThrows(RuntimeException.class, () -> handle.call(DictReferent.COMPUTE, "a", function));
            assertThrows(RuntimeException.class, () -> handle.call(DictReferent.COMPUTE, "a", "no function"));
            assertEquals(2, dict.get("a"));
            assertThrows(RuntimeException.class, () -> client.publish("mine", dict));
            assertThrows(RuntimeException.class, () -> handle.desk().call(Desk.STOP));
            assertEquals(2, dict.get("a"));
        }
    }

    @Test
    void allowFunctionsAllowsFunctions() throws Exception {
        try (Manager server = Manager.builder().allowFunctions().serve(anyPort(), KEY);
                Manager client = Manager.builder().allowFunctions().connect(server.address(), KEY)) {
            DictProxy<String, Integer> dict = client.dict(Map.of("a", 1));
            assertEquals(11, dict.merge("a", 10, Integer::sum));
            assertEquals(new Point(3, 4), client.value(new Point(0, 0)).update(point -> new Point(3, 4)));
        }
    }

    @Test
    void promisedExceptionsComeAsThemselves() throws Exception {
        try (Manager server = Manager.serve(anyPort(), KEY); Manager client = Manager.connect(server.address(), KEY)) {
            assertThrows(IndexOutOfBoundsException.class, () -> client.list().get(0));
            assertThrows(QueueEmptyException.class, () -> client.queue().getNowait());
            NoSuchElementException missing = assertThrows(NoSuchElementException.class, () -> client.namespace().get("x"));
            assertEquals("'Namespace' object has no attribute 'x'", missing.getMessage());
            assertTrue(missing.getCause().toString().contains("NamespaceReferent"), missing.getCause().toString());
            assertThrows(IllegalStateException.class, () -> client.lock().release());
        }
    }

    static void connectAndPut(SocketAddressText address) throws Exception {
        try (Manager client = Manager.connect(Route.parse(address.text()), KEY)) {
            client.<QueueProxy<String>>lookUp("queue").put("from another process");
        }
    }

    /** An address that travels. */
    record SocketAddressText(String text) implements Serializable { }

    @Test
    void aStartedServerListensForOthersToo(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("manager");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        try (Manager manager = Manager.builder().address(address, KEY).start()) {
            QueueProxy<String> queue = manager.queue();
            manager.publish("queue", queue);
            try (Process child = new Process(TrustTest::connectAndPut, new SocketAddressText("unix:" + path))) {
                child.start();
                assertEquals("from another process", queue.take());
                child.join();
                assertEquals(0, child.exitCode().orElseThrow());
            }
            try (Manager client = Manager.connect(address, KEY)) {
                assertThrows(RuntimeException.class, () -> client.list().add(new Point(1, 2)));
            }
        }
    }

    static void append(ListProxy<String> list) {
        list.add("child");
        list.replaceAll(text -> text + "!");
    }

    @Test
    void aServedManagersProxiesTravelToChildren() throws Exception {
        try (Manager server = Manager.serve(anyPort(), KEY)) {
            ListProxy<String> list = server.list();
            try (Process child = new Process(TrustTest::append, list)) {
                child.start();
                child.join();
            }
            assertEquals(List.of("child!"), list);
        }
    }

    static void appendOnly(ListProxy<String> list) {
        list.add("child");
    }

    @Test
    void aConnectedManagersProxiesTravelToChildren() throws Exception {
        try (Manager server = Manager.serve(anyPort(), KEY); Manager client = Manager.connect(server.address(), KEY)) {
            ListProxy<String> list = client.list();
            try (Process child = new Process(TrustTest::appendOnly, list)) {
                child.start();
                child.join();
                assertEquals(0, child.exitCode().orElseThrow());
            }
            assertEquals(List.of("child"), list);
        }
    }

    @Test
    void aServerEndsForAll() throws Exception {
        Manager server = Manager.serve(anyPort(), KEY);
        FutureTask<Boolean> serving = InThread.run(() -> {
            server.serveForever();
            return true;
        });
        try (Manager client = Manager.connect(server.address(), KEY)) {
            ListProxy<Object> list = client.list();
            server.close();
            assertTrue(serving.get());
            assertThrows(ManagerException.class, () -> list.add(1));
            assertThrows(ManagerException.class, server::join);
        }
    }
}
