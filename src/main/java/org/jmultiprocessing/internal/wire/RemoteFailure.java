package org.jmultiprocessing.internal.wire;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jmultiprocessing.errors.RemoteException;
import org.jmultiprocessing.errors.RemoteStackTrace;
import org.jmultiprocessing.errors.SerializationException;

/**
 * How an exception gets to another process: as its class, message and printed stack trace, and if it can be serialized as itself. It arrives as
 * itself with a {@link RemoteStackTrace} as its innermost cause, or as a {@link RemoteException} with the text.
 */
public final class RemoteFailure {
    private RemoteFailure() { }

    /**
     * Writes an exception; that it cannot be serialized is no error.
     *
     * @param out gets it
     * @param failure what happened
     * @param codec writes the exception itself
     */
    public static void write(WireOutput out, Throwable failure, ObjectCodec codec) {
        out.writeString(failure.getClass().getName());
        String message = failure.getMessage();
        out.writeByte(message == null ? 0 : 1);
        if (message != null) {
            out.writeString(message);
        }
        out.writeString(print(failure));
        int at = out.length();
        out.writeInt(0);
        try {
            codec.encode(failure, out, null);
            out.setInt(at, out.length() - at - 4);
        } catch (SerializationException e) {
            // Expected of exceptions that hold sockets and the like: the text tells what happened.
            out.setInt(at, 0);
        }
    }

    /**
     * Reads an exception.
     *
     * @param in holds it
     * @param codec rebuilds the exception, if it allows that
     * @return the exception itself, or a {@link RemoteException}, to which is added as suppressed why it is one; for the caller to throw
     * @throws SerializationException if the bytes are no failure
     */
    public static Throwable read(WireInput in, ObjectCodec codec) {
        String className = in.readString();
        String message = in.readByte() == 0 ? null : in.readString();
        String trace = in.readString();
        int length = in.readInt();
        if (length == 0) {
            return new RemoteException(className, message, trace);
        }
        try {
            Object failure = codec.decode(in.part(length));
            if (failure instanceof Throwable) {
                addTrace((Throwable) failure, trace);
                return (Throwable) failure;
            }
            throw in.corrupt("a failure holds no exception");
        } catch (SerializationException e) {
            RemoteException remote = new RemoteException(className, message, trace);
            remote.addSuppressed(e);
            return remote;
        }
    }

    private static String print(Throwable failure) {
        StringWriter text = new StringWriter();
        try (PrintWriter printer = new PrintWriter(text)) {
            failure.printStackTrace(printer);
        }
        return text.toString();
    }

    private static void addTrace(Throwable failure, String trace) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable innermost = failure;
        while (innermost.getCause() != null && seen.add(innermost)) {
            innermost = innermost.getCause();
        }
        RemoteStackTrace remote = new RemoteStackTrace(trace);
        try {
            innermost.initCause(remote);
        } catch (IllegalStateException e) {
            // Its constructor has said for good that it has no cause.
            failure.addSuppressed(remote);
        }
    }
}
