package org.jmultiprocessing.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.jmultiprocessing.errors.RemoteException;
import org.jmultiprocessing.errors.RemoteStackTrace;
import org.jmultiprocessing.errors.SerializationException;
import org.junit.jupiter.api.Test;

class RemoteFailureTest {
    @SuppressWarnings("serial") // That it does not serialize is what is tested.
    private static final class Unsendable extends Exception {
        private final Object thing = new Object();

        Unsendable(String message, Throwable cause) {
            super(message, cause);
            assert thing != null;
        }
    }

    private static Throwable send(Throwable failure, Trust trust) {
        WireOutput out = new WireOutput(DescriptorCarrier.bytesOnly("a test"));
        ObjectCodec codec = new ObjectCodec(trust, RemoteFailureTest.class.getClassLoader());
        RemoteFailure.write(out, failure, codec);
        out.writeByte(7);
        WireInput in = new WireInput(out.array(), 0, out.length(), null);
        Throwable back = RemoteFailure.read(in, codec);
        assertEquals(7, in.readByte());
        return back;
    }

    @Test
    void comesAsItselfWithTheRemoteTraceAsInnermostCause() {
        Throwable back = send(new IllegalStateException("outer", new IOException("inner")), Trust.OWN_TREE);
        assertSame(IllegalStateException.class, back.getClass());
        assertEquals("outer", back.getMessage());
        assertEquals("inner", back.getCause().getMessage());
        RemoteStackTrace remote = assertInstanceOf(RemoteStackTrace.class, back.getCause().getCause());
        assertTrue(remote.getMessage().contains("Caused by: java.io.IOException: inner"), remote.getMessage());
        assertTrue(remote.getMessage().contains("RemoteFailureTest.comesAsItself"), remote.getMessage());
        assertNull(remote.getCause());
    }

    @Test
    void anErrorWithoutMessageComesToo() {
        Throwable back = send(new AssertionError(), Trust.OWN_TREE);
        assertSame(AssertionError.class, back.getClass());
        assertInstanceOf(RemoteStackTrace.class, back.getCause());
    }

    @Test
    void aCauseThatIsDeniedForGoodLeavesTheTraceSuppressed() {
        Throwable back = send(new SerializationException("x", null), Trust.OWN_TREE);
        assertSame(SerializationException.class, back.getClass());
        assertInstanceOf(RemoteStackTrace.class, back.getSuppressed()[0]);
    }

    @Test
    void whatCannotTravelComesAsText() {
        Throwable back = send(new Unsendable("why", new IOException("inner")), Trust.OWN_TREE);
        RemoteException remote = assertInstanceOf(RemoteException.class, back);
        assertEquals(Unsendable.class.getName(), remote.className());
        assertEquals(Unsendable.class.getName() + ": why", remote.getMessage());
        assertTrue(remote.getCause().getMessage().contains("Caused by: java.io.IOException: inner"));
        assertEquals(Unsendable.class.getName(), send(new Unsendable(null, null), Trust.OWN_TREE).getMessage());
    }

    @Test
    void strangersSendText() {
        RemoteException back = assertInstanceOf(RemoteException.class, send(new IOException("x"), Trust.FOREIGN));
        assertEquals("java.io.IOException: x", back.getMessage());
        assertInstanceOf(SerializationException.class, back.getSuppressed()[0]);
    }

    @Test
    void aChainThatBitesItsTailComes() {
        Exception a = new Exception("a");
        Exception b = new Exception("b", a);
        a.initCause(b);
        assertEquals("a", send(a, Trust.OWN_TREE).getMessage());
    }
}
