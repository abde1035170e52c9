package org.jmultiprocessing.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jmultiprocessing.Multiprocessing;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.support.Streams;
import org.junit.jupiter.api.Test;

/** What a process object keeps, is and lets go of in its creator. */
class ProcessObjectTest {
    /** All are equal: what a subclass may say. Its connection travels. */
    @SuppressWarnings("serial")
    static final class Lookalike extends Process {
        private static final long serialVersionUID = 1L;
        private final Connection connection;

        Lookalike(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void run() throws InterruptedException {
            connection.recv();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Lookalike;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    static void printOptions() {
        System.out.print(System.getProperty("number") + " " + System.getenv("NUMBER") + " " + Multiprocessing.currentProcess().name());
    }

    static void copy() throws IOException {
        System.in.transferTo(System.out);
    }

    @Test
    void aBuiltProcessDoesNotFollowItsBuilder() throws InterruptedException {
        Builder builder = Process.builder(ProcessObjectTest::printOptions).name("first").jvmOptions("-Dnumber=1").environment("NUMBER", "1")
                .stdout(Redirect.PIPE);
        Process first = builder.build();
        Process second = builder.name("second").jvmOptions("-Dnumber=2").environment("NUMBER", "2").build();
        builder.stdout(Redirect.DISCARD).environment("NUMBER", "3");
        first.start();
        second.start();
        assertEquals("1 1 first", Streams.stdout(first));
        assertEquals("2 2 second", Streams.stdout(second));
        first.join();
        second.join();
    }

    @Test
    void equalProcessesAreDifferentChildren() throws InterruptedException {
        try (Pipe ofFirst = Pipe.oneWay(); Pipe ofSecond = Pipe.oneWay();
                Process first = new Lookalike(ofFirst.reader()); Process second = new Lookalike(ofSecond.reader())) {
            first.start();
            second.start();
            List<Process> both = lookalikes();
            assertEquals(2, both.size());
            assertSame(first, both.get(0));
            assertSame(second, both.get(1));
            ofFirst.writer().send("end");
            first.join();
            assertEquals(1, lookalikes().size());
            assertSame(second, lookalikes().get(0));
            ofSecond.writer().send("end");
            second.join();
            assertEquals(List.of(), lookalikes());
        }
    }

    private static List<Process> lookalikes() {
        return Multiprocessing.activeChildren().stream().filter(Lookalike.class::isInstance).toList();
    }

    @Test
    void closeLetsGoOfTheStreams() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "descriptors are seen in /proc only");
        List<String> before = pipes();
        Process process = Process.builder(ProcessObjectTest::copy).stdin(Redirect.PIPE).stdout(Redirect.PIPE).stderr(Redirect.PIPE).start();
        OutputStream stdin = process.stdin();
        InputStream stdout = process.stdout();
        stdin.write('x');
        assertEquals('x', stdout.read());
        process.kill();
        process.join();
        assertEquals(-1, stdout.read(), "the end of a child is not the end of what it printed");
        process.close();
        assertThrows(IOException.class, stdout::read);
        assertThrows(IOException.class, () -> stdin.write('x'));
        assertThrows(IllegalStateException.class, process::stdout);
        List<String> after = pipes();
        after.removeAll(before);
        assertEquals(List.of(), after);
    }

    private static List<String> pipes() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            return new ArrayList<>(entries.map(ProcessObjectTest::target).filter(target -> target.startsWith("pipe:")).toList());
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "closed meanwhile";
        }
    }
}
