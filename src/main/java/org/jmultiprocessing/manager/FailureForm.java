package org.jmultiprocessing.manager;

import java.util.NoSuchElementException;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.QueueEmptyException;
import org.jmultiprocessing.errors.QueueFullException;
import org.jmultiprocessing.errors.QueueShutDownException;
import org.jmultiprocessing.errors.RemoteException;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.RemoteFailure;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/**
 * Exceptions of the server in an answer. Those that the proxies' interfaces promise come as themselves also where no Java object is accepted, made
 * here of their name and message.
 */
final class FailureForm {
    private FailureForm() { }

    static void write(WireOutput out, Throwable failure, ObjectCodec codec) {
        RemoteFailure.write(out, failure, codec);
    }

    static Throwable read(WireInput in, ObjectCodec codec) {
        Throwable failure = RemoteFailure.read(in, codec);
        if (!(failure instanceof RemoteException remote)) {
            return failure;
        }
        String text = remote.getMessage();
        String prefix = remote.className() + ": ";
        Throwable known = promised(remote.className(), text.startsWith(prefix) ? text.substring(prefix.length()) : null);
        if (known == null) {
            return failure;
        }
        known.initCause(remote.getCause());
        return known;
    }

    private static Throwable promised(String className, String message) {
        switch (className) {
            case "java.lang.NullPointerException":
                return new NullPointerException(message);
            case "java.lang.ClassCastException":
                return new ClassCastException(message);
            case "java.lang.IllegalArgumentException":
                return new IllegalArgumentException(message);
            case "java.lang.IllegalStateException":
                return new IllegalStateException(message);
            case "java.lang.IllegalMonitorStateException":
                return new IllegalMonitorStateException(message);
            case "java.lang.UnsupportedOperationException":
                return new UnsupportedOperationException(message);
            case "java.lang.IndexOutOfBoundsException":
                return new IndexOutOfBoundsException(message);
            case "java.lang.ArrayIndexOutOfBoundsException":
                return new ArrayIndexOutOfBoundsException(message);
            case "java.util.NoSuchElementException":
                return new NoSuchElementException(message);
            case "java.util.concurrent.TimeoutException":
                return new TimeoutException(message);
            case "java.util.concurrent.BrokenBarrierException":
                return new BrokenBarrierException(message);
            case "org.jmultiprocessing.errors.QueueEmptyException":
                return new QueueEmptyException(message);
            case "org.jmultiprocessing.errors.QueueFullException":
                return new QueueFullException(message);
            case "org.jmultiprocessing.errors.QueueShutDownException":
                return new QueueShutDownException(message);
            default:
                return null;
        }
    }
}
