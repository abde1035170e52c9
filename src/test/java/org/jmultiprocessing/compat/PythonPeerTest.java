package org.jmultiprocessing.compat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.pipe.AuthOptions;
import org.jmultiprocessing.pipe.Client;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Handles;
import org.jmultiprocessing.pipe.Listener;
import org.jmultiprocessing.pipe.Pipe;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestReporter;

/** Real CPythons at the other end, each minor version that this machine has, in both roles. */
class PythonPeerTest {
    private static final byte[] KEY = "a key of ours".getBytes(StandardCharsets.UTF_8);
    private static final byte[] WRONG = {0};
    private static final int LARGEST = 64 << 20;
    private static final int[] LENGTHS = {0, 1, 64, 16383, 16384, 16385, 65536, 1 << 20, LARGEST};
    private static final int REJECTED = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Map<Integer, String> pythons;

    @BeforeAll
    static void findPythons() throws IOException, InterruptedException {
        pythons = Pythons.find();
    }

    /** A Python process that runs the peer script. */
    private static final class Peer implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;

        Peer(String python, String... args) throws IOException, URISyntaxException {
            Path script = Path.of(PythonPeerTest.class.getResource("/python_peer.py").toURI());
            List<String> command = new ArrayList<>(List.of(python, "-S", script.toString()));
            command.addAll(List.of(args));
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        String line() throws IOException {
            return out.readLine();
        }

        void assertEndsWith(int code) throws InterruptedException {
            assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "the Python peer does not end");
            assertEquals(code, process.exitValue());
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly().onExit().join();
            out.close();
        }
    }

    @Test
    void bothGenerationsOfTheChallengeAreHere(TestReporter reporter) {
        boolean old = pythons.keySet().stream().anyMatch(Pythons::speaksMd5Only);
        boolean young = pythons.keySet().stream().anyMatch(minor -> !Pythons.speaksMd5Only(minor));
        reporter.publishEntry("CPythons tested against", pythons.toString());
        if (!old) {
            reporter.publishEntry("NOT TESTED", "the MD5 challenge: no Python 3.6 - 3.11 found");
        }
        if (!young) {
            reporter.publishEntry("NOT TESTED", "the SHA-256 challenge: no Python 3.12 or later found");
        }
        assumeTrue(old && young, () -> "Pythons of one generation only, or none: 3.x with x in " + pythons.keySet());
    }

    @TestFactory
    List<DynamicNode> eachPython() {
        List<DynamicNode> nodes = new ArrayList<>();
        pythons.forEach((minor, python) -> {
            List<DynamicNode> tests = new ArrayList<>(List.of(
                    dynamicTest("connects by AF_UNIX", () -> pythonConnects(python, minor, "AF_UNIX")),
                    dynamicTest("connects by AF_INET", () -> pythonConnects(python, minor, "AF_INET")),
                    dynamicTest("listens by AF_UNIX", () -> pythonListens(python, minor, "AF_UNIX")),
                    dynamicTest("listens by AF_INET", () -> pythonListens(python, minor, "AF_INET")),
                    dynamicTest("connects with a wrong key", () -> pythonConnectsWronglyKeyed(python, minor)),
                    dynamicTest("listens with a wrong key", () -> pythonListensWronglyKeyed(python, minor))));
            if (Pythons.speaksMd5Only(minor)) {
                tests.add(dynamicTest("is told when its MD5 is not wanted", () -> md5IsRefused(python)));
            }
            nodes.add(dynamicContainer("Python 3." + minor, tests));
        });
        return nodes;
    }

    private static AuthOptions options(int minor, byte[] key) {
        AuthOptions options = AuthOptions.key(key).timeout(PATIENCE);
        return Pythons.speaksMd5Only(minor) ? options.allowMd5() : options;
    }

    private static Listener listen(String family, AuthOptions options) {
        return Listener.bind(family.equals("AF_UNIX") ? null : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), options, 5);
    }

    private static String argument(SocketAddress address) {
        return address instanceof InetSocketAddress internet ? Integer.toString(internet.getPort()) : address.toString();
    }

    private static SocketAddress address(String family, String line) {
        return family.equals("AF_UNIX") ? UnixDomainSocketAddress.of(line)
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(line));
    }

    private static String hex(byte[] key) {
        return HexFormat.of().formatHex(key);
    }

    private static void pythonConnects(String python, int minor, String family) throws Exception {
        try (Listener listener = listen(family, options(minor, KEY));
                Peer peer = new Peer(python, "client", family, hex(KEY), argument(listener.address()))) {
            try (Connection connection = listener.accept(PATIENCE)) {
                converse(connection, family);
            }
            peer.assertEndsWith(0);
        }
    }

    private static void pythonListens(String python, int minor, String family) throws Exception {
        try (Peer peer = new Peer(python, "listener", family, hex(KEY))) {
            try (Connection connection = Client.connect(address(family, peer.line()), options(minor, KEY), PATIENCE)) {
                converse(connection, family);
            }
            peer.assertEndsWith(0);
        }
    }

    private static void converse(Connection connection, String family) throws Exception {
        for (int length : LENGTHS) {
            byte[] message = new byte[length];
            new Random(length).nextBytes(message);
            FutureTask<Void> sending = new FutureTask<>(() -> {
                connection.sendBytes(message);
                return null;
            });
            Thread thread = new Thread(sending);
            thread.start();
            assertArrayEquals(message, connection.recvBytes(LARGEST, PATIENCE));
            sending.get();
            thread.join();
        }
        request(connection, "send a pickle");
        SerializationException exception = assertThrows(SerializationException.class, () -> connection.recv(PATIENCE));
        assertTrue(exception.getMessage().contains("recvBytes"), exception.getMessage());
        if (family.equals("AF_UNIX") && !System.getProperty("os.name").startsWith("Mac")) {
            passHandles(connection);
        }
    }

    private static void passHandles(Connection connection) throws Exception {
        try (Pipe pipe = Pipe.oneWay()) {
            request(connection, "take a handle");
            Handles.send(connection, pipe.writer().fileno(), PATIENCE);
            assertEquals("by the handle", new String(pipe.reader().recvBytes(100, PATIENCE), StandardCharsets.US_ASCII));
        }
        request(connection, "give a handle");
        try (Connection reader = Connection.ofDescriptor(Handles.receive(connection, PATIENCE), true, false)) {
            assertEquals("by the handle", new String(reader.recvBytes(100, PATIENCE), StandardCharsets.US_ASCII));
        }
    }

    private static void request(Connection connection, String text) throws InterruptedException {
        connection.sendBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void pythonConnectsWronglyKeyed(String python, int minor) throws Exception {
        try (Listener listener = listen("AF_UNIX", options(minor, KEY));
                Peer peer = new Peer(python, "client", "AF_UNIX", hex(WRONG), argument(listener.address()))) {
            AuthenticationException exception = assertThrows(AuthenticationException.class, () -> listener.accept(PATIENCE));
            assertEquals("digest received was wrong", exception.getMessage());
            assertEquals("AuthenticationError: digest sent was rejected", peer.line());
            peer.assertEndsWith(REJECTED);
        }
    }

    private static void pythonListensWronglyKeyed(String python, int minor) throws Exception {
        try (Peer peer = new Peer(python, "listener", "AF_UNIX", hex(WRONG))) {
            SocketAddress address = address("AF_UNIX", peer.line());
            AuthenticationException exception = assertThrows(AuthenticationException.class,
                    () -> Client.connect(address, options(minor, KEY), PATIENCE));
            assertEquals("digest sent was rejected", exception.getMessage());
            assertEquals("AuthenticationError: digest received was wrong", peer.line());
            peer.assertEndsWith(REJECTED);
        }
    }

    private static void md5IsRefused(String python) throws Exception {
        try (Listener listener = listen("AF_UNIX", AuthOptions.key(KEY));
                Peer peer = new Peer(python, "client", "AF_UNIX", hex(KEY), argument(listener.address()))) {
            AuthenticationException exception = assertThrows(AuthenticationException.class, () -> listener.accept(PATIENCE));
            assertTrue(exception.getMessage().startsWith("digest received was wrong") && exception.getMessage().contains("allowMd5"),
                    exception.getMessage());
            assertEquals("AuthenticationError: digest sent was rejected", peer.line());
            peer.assertEndsWith(REJECTED);
        }
        try (Peer peer = new Peer(python, "listener", "AF_UNIX", hex(KEY))) {
            SocketAddress address = address("AF_UNIX", peer.line());
            AuthenticationException exception = assertThrows(AuthenticationException.class, () -> Client.connect(address, KEY));
            assertTrue(exception.getMessage().contains("allowMd5"), exception.getMessage());
            peer.assertEndsWith(REJECTED);
        }
    }
}
