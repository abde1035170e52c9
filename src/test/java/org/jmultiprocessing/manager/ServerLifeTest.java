package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jmultiprocessing.Context;
import org.jmultiprocessing.Multiprocessing;
import org.jmultiprocessing.errors.ManagerException;
import org.jmultiprocessing.internal.launch.ForkServer;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.StartMethod;
import org.jmultiprocessing.support.InThread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a server begins and ends. */
@Timeout(60)
class ServerLifeTest {
    private static Process server() {
        List<Process> children = Process.active();
        assertEquals(1, children.size());
        return children.get(0);
    }

    @Test
    void shutdownEndsIt() throws Exception {
        Manager manager = Manager.builder().name("the-server").start();
        Process server = server();
        assertEquals("the-server", server.name());
        assertTrue(server.daemon());
        DictProxy<String, Integer> dict = manager.dict();
        assertTrue(Files.exists(Path.of(manager.address().toString())));
        manager.shutdown();
        manager.shutdown();
        assertEquals(List.of(), Process.active());
        assertFalse(Files.exists(Path.of(manager.address().toString())));
        assertEquals("Manager has shut down", assertThrows(ManagerException.class, () -> dict.get("a")).getMessage());
        assertEquals("Manager has shut down", assertThrows(ManagerException.class, manager::dict).getMessage());
        assertTrue(manager.toString().endsWith("shut down>"), manager::toString);
    }

    @Test
    void anAskedServerExitsByItself() throws Exception {
        Manager manager = Manager.builder().shutdownTimeout(Duration.ofSeconds(30)).start();
        Process server = server();
        CountDownLatch ended = new CountDownLatch(1);
        server.onExit().thenAccept(status -> {
            assertEquals(0, status.code());
            ended.countDown();
        });
        FutureTask<Boolean> joined = InThread.run(() -> {
            manager.join();
            return true;
        });
        manager.close();
        ended.await();
        assertTrue(joined.get());
    }

    static void hangAtExit() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }));
    }

    @Test
    void aServerThatDoesNotEndIsKilled() throws Exception {
        Manager manager = Manager.builder().initializer(ServerLifeTest::hangAtExit).shutdownTimeout(Duration.ofMillis(100)).start();
        Process server = server();
        FutureTask<Integer> code = InThread.run(() -> server.onExit().get().code());
        manager.close();
        assertEquals(-9, code.get());
    }

    @Test
    void aStoppedServerIsKilled() throws Exception {
        Manager manager = Manager.builder().shutdownTimeout(Duration.ofMillis(100)).start();
        Process server = server();
        FutureTask<Integer> code = InThread.run(() -> server.onExit().get().code());
        new ProcessBuilder("kill", "-STOP", Long.toString(server.pid().orElseThrow())).start().waitFor();
        manager.close();
        assertEquals(-9, code.get());
    }

    @Test
    void afterItsDeathEveryCallTellsHow() throws Exception {
        try (Manager manager = Manager.start()) {
            DictProxy<String, Integer> dict = manager.dict();
            QueueProxy<String> queue = manager.queue();
            FutureTask<String> blocked = InThread.run(queue::take);
            EventProxy event = manager.event();
            FutureTask<Boolean> alsoBlocked = InThread.run(() -> event.await(Duration.ofHours(1)));
            server().kill();
            ManagerException failure = (ManagerException) assertThrows(ExecutionException.class, blocked::get).getCause();
            assertEquals(-9, failure.exitStatus().orElseThrow().code());
            assertTrue(failure.getMessage().contains("has ended with exit code -SIGKILL"), failure.getMessage());
            assertEquals(ManagerException.class, assertThrows(ExecutionException.class, alsoBlocked::get).getCause().getClass());
            assertThrows(ManagerException.class, () -> dict.put("a", 1));
            assertThrows(ManagerException.class, manager::lock);
            assertThrows(ManagerException.class, () -> queue.put("a"));
        }
    }

    static void callAfter(ListProxy<String> list, QueueProxy<String> wait) throws InterruptedException {
        list.add("here");
        try {
            wait.take();
        } catch (ManagerException e) {
            System.exit(e.getMessage().contains("has ended with exit code -SIGKILL") && e.exitStatus().orElseThrow().code() == -9 ? 7 : 8);
        }
    }

    @Test
    void otherClientsLearnOfItsDeathToo() throws Exception {
        try (Manager manager = Manager.start()) {
            Process server = server();
            ListProxy<String> list = manager.list();
            Process child = new Process(ServerLifeTest::callAfter, list, manager.queue());
            child.start();
            while (list.isEmpty()) {
                Thread.onSpinWait();
            }
            server.kill();
            child.join();
            assertEquals(7, child.exitCode().orElseThrow());
            child.close();
        }
    }

    @Test
    void itIgnoresCtrlC() throws Exception {
        try (Manager manager = Manager.start()) {
            ValueProxy<Integer> value = manager.value(1);
            server().interrupt();
            assertEquals(2, value.update(i -> i + 1));
            assertEquals(2, value.get());
            assertTrue(server().isAlive());
        }
    }

    static void set() {
        System.setProperty("jmultiprocessing.test.initialized", "yes");
    }

    static void refuse() {
        throw new UnsupportedOperationException("the initializer refuses");
    }

    static void exit() {
        Runtime.getRuntime().halt(3);
    }

    @Test
    void theInitializerRunsFirst() throws Exception {
        try (Manager manager = Manager.builder().initializer(ServerLifeTest::set).start()) {
            assertEquals("yes", manager.value("").update(old -> System.getProperty("jmultiprocessing.test.initialized")));
        }
        ManagerBuilder refusing = Manager.builder().initializer(ServerLifeTest::refuse);
        assertEquals("the initializer refuses", assertThrows(UnsupportedOperationException.class, refusing::start).getMessage());
        ManagerBuilder exiting = Manager.builder().initializer(ServerLifeTest::exit);
        ManagerException ended = assertThrows(ManagerException.class, exiting::start);
        assertEquals(3, ended.exitStatus().orElseThrow().code());
        assertEquals(List.of(), Process.active());
    }

    @Test
    void anInterruptEndsTheStart() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, Manager::start);
        assertFalse(Thread.interrupted());
        assertEquals(List.of(), Process.active());
    }

    @Test
    void aContextStartsManagers() throws Exception {
        for (StartMethod method : StartMethod.available()) {
            Context context = Multiprocessing.context(method);
            // The second of a method may come into being in another way than the first.
            for (int i = 0; i < 2; i++) {
                try (Manager manager = context.manager()) {
                    assertEquals("[1]", manager.list(List.of(1)).toString());
                    assertEquals("Already started server", assertThrows(ManagerException.class, manager::serveForever).getMessage());
                }
            }
        }
        ForkServer.stop();
    }
}
