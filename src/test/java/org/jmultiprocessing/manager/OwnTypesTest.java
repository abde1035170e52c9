package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.jmultiprocessing.errors.RemoteStackTrace;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Objects of the user's in the server, by interfaces. */
@Timeout(60)
class OwnTypesTest {
    private static Manager manager;

    @BeforeAll
    static void start() throws InterruptedException {
        manager = Manager.builder().register(Counter.class, CounterImplementation::new)
                .register("shared", Counter.class, CounterImplementation::shared).start();
    }

    @AfterAll
    static void stop() {
        manager.close();
    }

    @Test
    void itsMethodsRunInTheServer() {
        Counter counter = manager.create(Counter.class);
        assertEquals(3, counter.add(3));
        assertEquals(5, counter.add(2));
        assertEquals(6_000_000_000_000L, counter.add(1L));
        assertEquals(List.of(3, 2, 1), counter.history());
        assertEquals("Counter at 6", counter.toString());
        assertEquals(12, counter.addOf(counter));
    }

    @Test
    void resultsOfRegisteredTypesStayThere() {
        Counter counter = manager.create(Counter.class);
        Counter fork = counter.fork();
        fork.add(7);
        assertEquals("Counter at 7", fork.toString());
        assertEquals("Counter at 0", counter.toString());
        assertEquals(7, counter.addOf(fork));
        assertEquals(counter, counter.self());
        assertEquals(counter.hashCode(), counter.self().hashCode());
        assertNotEquals(counter, fork);
    }

    @Test
    void aFactoryCanGiveTheSameObject() {
        Counter first = manager.create("shared", Counter.class);
        Counter second = manager.create("shared", Counter.class);
        assertEquals(first, second);
        int before = first.add(0);
        second.add(1);
        assertEquals(before + 1, first.add(0));
    }

    @Test
    void itsExceptionsComeAsThemselves() {
        Counter counter = manager.create(Counter.class);
        IOException failure = assertThrows(IOException.class, () -> counter.fail("no"));
        assertEquals("no", failure.getMessage());
        assertEquals(RemoteStackTrace.class, failure.getCause().getClass());
        assertTrue(failure.getCause().toString().contains("CounterImplementation.fail"), failure.getCause().toString());
        SerializationException unsendable = assertThrows(SerializationException.class, counter::unsendable);
        assertTrue(unsendable.getMessage().contains("java.lang.Object"), unsendable.getMessage());
    }

    @Test
    void aMethodThatBlocksIsInterrupted() throws Exception {
        Counter counter = manager.create(Counter.class);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, counter::block);
        Thread main = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            assertEquals(0, counter.add(0));
            main.interrupt();
        });
        interrupter.start();
        assertThrows(InterruptedException.class, counter::block);
        interrupter.join();
    }

    static void addAndPass(Counter counter, QueueProxy<Counter> queue) throws InterruptedException {
        counter.add(1);
        queue.put(counter);
    }

    @Test
    void itsProxyTravels() throws Exception {
        Counter counter = manager.create(Counter.class);
        QueueProxy<Counter> queue = manager.queue();
        try (Process child = new Process(OwnTypesTest::addAndPass, counter, queue)) {
            child.start();
            Counter back = queue.take();
            child.join();
            assertEquals(counter, back);
            assertEquals(2, back.add(1));
        }
    }

    @Test
    void whatIsNotRegisteredIsNotMade() {
        IllegalArgumentException missing = assertThrows(IllegalArgumentException.class, () -> manager.create(Runnable.class));
        assertTrue(missing.getMessage().contains("java.lang.Runnable"), missing.getMessage());
        assertThrows(ClassCastException.class, () -> manager.create("shared", Runnable.class));
        assertThrows(IllegalArgumentException.class, () -> Manager.builder().register(String.class, () -> "no interface"));
    }

    @Test
    void onlyTheInterfaceCanBeCalled() {
        Handle handle = OwnProxy.handleOf(manager.create(Counter.class));
        int methods = Counter.class.getMethods().length;
        for (int method : new int[] {-1, methods + 1, methods + 2, 1000, Integer.MAX_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> handle.call(method), "method " + method);
        }
        assertThrows(IllegalArgumentException.class, () -> handle.call(1, "too", "many", "arguments"));
    }
}
