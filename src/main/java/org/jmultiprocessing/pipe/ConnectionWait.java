package org.jmultiprocessing.pipe;

import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.MultiWait;
import org.jmultiprocessing.internal.os.Sockets;
import org.jmultiprocessing.spi.Waitable;

/** Waits for several things at once. Python's {@code multiprocessing.connection.wait}. Thread-safe. */
public final class ConnectionWait {
    private ConnectionWait() { }

    /**
     * Blocks until at least one of the objects is ready: a connection when {@link Connection#poll()} is true, a listener when a client is waiting, a
     * process's sentinel when the process has ended, a channel or descriptor when it is readable. A virtual thread parks.
     *
     * @param <T> what they are
     * @param objects connections, listeners and other {@link Waitable}s, {@link SelectableChannel}s of the JDK, and descriptors as {@link Integer};
     *     channels and descriptors must stay open until this returns
     * @param timeout how long; null for ever, zero or less: only look
     * @return those that are ready, in the order given; empty if the time is over
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws OsException if one of the objects is closed; a connection or listener that is closed meanwhile ends the wait
     * @throws IllegalArgumentException if one of them is nothing to wait for, or there is none and no time limit
     */
    public static <T> List<T> await(Collection<? extends T> objects, Duration timeout) throws InterruptedException {
        List<T> all = new ArrayList<>(objects);
        Deadline deadline = Deadline.after(timeout);
        if (all.isEmpty() && deadline == Deadline.NEVER) {
            throw new IllegalArgumentException("nothing to wait for, and no time limit");
        }
        Fd[] owners = new Fd[all.size()];
        int[] descriptors = new int[all.size()];
        boolean[] now = new boolean[all.size()];
        for (int i = 0; i < descriptors.length; i++) {
            Object object = all.get(i);
            owners[i] = owner(object);
            descriptors[i] = descriptor(object);
            now[i] = object instanceof Waitable waitable && waitable.readyNow();
            if (now[i]) {
                deadline = Deadline.NOW;
            }
        }
        boolean[] ready = MultiWait.await(owners, descriptors, deadline);
        List<T> found = new ArrayList<>();
        for (int i = 0; i < ready.length; i++) {
            if (ready[i] || now[i]) {
                found.add(all.get(i));
            }
        }
        return found;
    }

    private static Fd owner(Object object) {
        return object instanceof Connection connection ? connection.fd() : object instanceof Listener listener ? listener.fd() : null;
    }

    private static int descriptor(Object object) {
        if (object instanceof Connection connection && !connection.readable()) {
            throw new OsException("wait for", connection.toString(), "", "connection is write-only");
        }
        if (object instanceof Waitable waitable) {
            return waitable.waitDescriptor();
        }
        if (object instanceof SelectableChannel channel) {
            return Sockets.descriptorOf(channel);
        }
        if (object instanceof Integer number && number >= 0) {
            return number;
        }
        throw new IllegalArgumentException("cannot wait for " + object
                + ": give connections, listeners, sentinels, selectable channels or descriptors");
    }
}
