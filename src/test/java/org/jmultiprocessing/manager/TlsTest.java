package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.errors.ManagerException;
import org.jmultiprocessing.errors.ProcessException;
import org.jmultiprocessing.support.InThread;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Managers over TLS. */
@Timeout(60)
class TlsTest {
    private static final byte[] KEY = {1, 2, 3};
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    private static Path folder;
    private static SSLContext ofThisHost;
    private static SSLContext ofAnother;

    @BeforeAll
    static void makeCertificates() throws Exception {
        ofThisHost = context("ip:127.0.0.1");
        ofAnother = context("dns:elsewhere.example");
    }

    /** Has a certificate of its own, and trusts it. */
    private static SSLContext context(String host) throws Exception {
        Path file = folder.resolve(host.replace(':', '-') + ".p12");
        Program keytool = Program.of(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
                "manager", "-keyalg", "EC", "-dname", "CN=manager", "-ext", "san=" + host, "-storetype", "PKCS12", "-keystore", file.toString(),
                "-storepass", new String(PASSWORD)));
        assertEquals(0, keytool.code(), keytool.out());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static InetSocketAddress anyPort() throws Exception {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    }

    @Test
    void callsAreEncrypted() throws Exception {
        try (Manager server = Manager.builder().tls(ofThisHost).serve(anyPort(), KEY);
                Manager client = Manager.builder().tls(ofThisHost).connect(server.address(), KEY)) {
            DictProxy<String, Object> dict = client.dict();
            byte[] large = new byte[3 << 20];
            new Random(1).nextBytes(large);
            dict.put("large", large);
            dict.put("small", 1);
            assertArrayEquals(large, (byte[]) dict.get("large"));
            QueueProxy<String> queue = client.queue();
            FutureTask<String> waiting = InThread.run(queue::take);
            queue.put("message");
            assertEquals("message", waiting.get());
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, queue::take);
            server.close();
            assertThrows(ManagerException.class, () -> dict.get("small"));
        }
    }

    @Test
    void theKeyIsNeededToo() throws Exception {
        try (Manager server = Manager.builder().tls(ofThisHost).serve(anyPort(), KEY)) {
            ManagerBuilder client = Manager.builder().tls(ofThisHost);
            assertEquals("digest sent was rejected",
                    assertThrows(AuthenticationException.class, () -> client.connect(server.address(), new byte[] {1})).getMessage());
        }
    }

    @Test
    void theServerHasToBeTheRightOne() throws Exception {
        try (Manager server = Manager.builder().tls(ofAnother).serve(anyPort(), KEY)) {
            ManagerBuilder stranger = Manager.builder().tls(ofThisHost);
            assertThrows(AuthenticationException.class, () -> stranger.connect(server.address(), KEY));
            ManagerBuilder wrongHost = Manager.builder().tls(ofAnother);
            AuthenticationException refused = assertThrows(AuthenticationException.class, () -> wrongHost.connect(server.address(), KEY));
            assertTrue(refused.getMessage().contains("127.0.0.1"), refused.getMessage());
        }
    }

    @Test
    void bothSidesHaveToWantIt() throws Exception {
        try (Manager server = Manager.builder().tls(ofThisHost).serve(anyPort(), KEY); Manager plain = Manager.serve(anyPort(), KEY)) {
            ManagerBuilder client = Manager.builder().tls(ofThisHost);
            assertThrows(ProcessException.class, () -> client.connect(plain.address(), KEY));
            assertEquals("[]", plain.list().toString());
            assertEquals("[]", server.list().toString());
        }
        ManagerBuilder builder = Manager.builder().tls(ofThisHost);
        UnixDomainSocketAddress unix = UnixDomainSocketAddress.of(folder.resolve("socket"));
        assertThrows(IllegalArgumentException.class, () -> builder.serve(unix, KEY));
        assertThrows(IllegalArgumentException.class, builder::start);
    }
}
