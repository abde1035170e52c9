package org.jmultiprocessing.manager;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;

/** TLS over another transport. The client makes sure that the server's certificate is that of the host it wanted. */
final class TlsTransport implements Transport {
    private final Transport raw;
    private final SSLEngine engine;
    private final ReentrantLock writing = new ReentrantLock();
    /** Encrypted, from position to limit. */
    private ByteBuffer received;
    /** Decrypted and not yet taken, from position to limit. */
    private ByteBuffer plain;
    private ByteBuffer sending;

    private TlsTransport(Transport raw, SSLEngine engine) {
        this.raw = raw;
        this.engine = engine;
        received = ByteBuffer.allocate(engine.getSession().getPacketBufferSize()).limit(0);
        plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).limit(0);
        sending = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    }

    static Transport ofClient(Transport raw, SSLContext context, InetSocketAddress server, Deadline deadline)
            throws InterruptedException, TimeoutException {
        SSLEngine engine = context.createSSLEngine(server.getHostString(), server.getPort());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return shakeHands(raw, engine, deadline);
    }

    static Transport ofServer(Transport raw, SSLContext context, Deadline deadline) throws InterruptedException, TimeoutException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        return shakeHands(raw, engine, deadline);
    }

    private static Transport shakeHands(Transport raw, SSLEngine engine, Deadline deadline) throws InterruptedException, TimeoutException {
        TlsTransport transport = new TlsTransport(raw, engine);
        try {
            engine.beginHandshake();
            if (!transport.goOn(deadline)) {
                throw new EndOfStreamException("the other side ended the connection during the TLS handshake");
            }
            return transport;
        } catch (SSLException e) {
            AuthenticationException failed = new AuthenticationException("the TLS handshake of a manager's connection failed: " + e.getMessage());
            failed.initCause(e);
            throw failed;
        }
    }

    /** Until the engine wants nothing more for itself. Returns false at the end of the stream. */
    private boolean goOn(Deadline deadline) throws InterruptedException, TimeoutException, SSLException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK:
                    Runnable task = engine.getDelegatedTask();
                    if (task != null) {
                        task.run();
                    }
                    break;
                case NEED_WRAP:
                    wrap(ByteBuffer.allocate(0));
                    break;
                case NEED_UNWRAP:
                case NEED_UNWRAP_AGAIN:
                    if (!unwrap(deadline)) {
                        return false;
                    }
                    break;
                default:
                    return true;
            }
        }
    }

    /** Decrypts a record, reading what is missing of it. Returns false at the end of the stream. */
    private boolean unwrap(Deadline deadline) throws InterruptedException, TimeoutException, SSLException {
        while (true) {
            plain.compact();
            SSLEngineResult result;
            try {
                result = engine.unwrap(received, plain);
            } finally {
                plain.flip();
            }
            switch (result.getStatus()) {
                case OK:
                    return true;
                case CLOSED:
                    return false;
                case BUFFER_OVERFLOW:
                    plain = larger(plain, engine.getSession().getApplicationBufferSize());
                    break;
                default:
                    if (!receiveMore(deadline)) {
                        return false;
                    }
            }
        }
    }

    private boolean receiveMore(Deadline deadline) throws InterruptedException, TimeoutException {
        if (received.limit() == received.capacity() && received.position() == 0) {
            received = larger(received, engine.getSession().getPacketBufferSize());
        }
        received.compact();
        try {
            int count = raw.read(received.array(), received.position(), received.remaining(), deadline);
            received.position(received.position() + count);
            return count > 0;
        } finally {
            received.flip();
        }
    }

    /** A buffer with the same content and more room. */
    private static ByteBuffer larger(ByteBuffer full, int more) {
        ByteBuffer larger = ByteBuffer.allocate(full.capacity() + more);
        larger.put(full);
        larger.flip();
        return larger;
    }

    @Override
    public int read(byte[] target, int offset, int length, Deadline deadline) throws InterruptedException, TimeoutException {
        try {
            while (!plain.hasRemaining()) {
                if (!unwrap(deadline) || !goOn(deadline)) {
                    return 0;
                }
            }
        } catch (SSLException e) {
            throw failed("receive from", e);
        }
        int count = Math.min(length, plain.remaining());
        plain.get(target, offset, count);
        return count;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        ByteBuffer data = ByteBuffer.wrap(source, offset, length);
        try {
            while (data.hasRemaining()) {
                wrap(data);
            }
        } catch (SSLException e) {
            throw failed("send to", e);
        }
    }

    private void wrap(ByteBuffer data) throws SSLException {
        writing.lock();
        try {
            sending.clear();
            SSLEngineResult result = engine.wrap(data, sending);
            while (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
                sending = ByteBuffer.allocate(sending.capacity() + engine.getSession().getPacketBufferSize());
                result = engine.wrap(data, sending);
            }
            raw.write(sending.array(), 0, sending.position());
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                throw new SSLException("the other side has closed the connection");
            }
            if (data.hasRemaining() && result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
                throw new SSLException("the other side wants another handshake, which nobody waits for: " + result.getHandshakeStatus());
            }
        } finally {
            writing.unlock();
        }
    }

    private static OsException failed(String operation, SSLException cause) {
        OsException failed = new OsException(operation, "a manager's connection over TLS", "", cause.getMessage());
        failed.initCause(cause);
        return failed;
    }

    @Override
    public void insist(boolean awake) {
        raw.insist(awake);
    }

    @Override
    public void close() {
        raw.close();
    }
}
