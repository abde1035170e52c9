package org.jmultiprocessing.pipe;

import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Sockets;

/**
 * Two connections that are each other's other end. Python's {@code Pipe()}. Immutable and thread-safe.
 *
 * <pre>{@code
 * Pipe pipe = Pipe.duplex();
 * Process p = new Process(Demo::producer, pipe.second());
 * p.start();
 * System.out.println(pipe.first().recv());
 * }</pre>
 */
public final class Pipe implements AutoCloseable {
    private final Connection first;
    private final Connection second;

    private Pipe(Connection first, Connection second) {
        this.first = first;
        this.second = second;
    }

    /**
     * A pipe on which both ends send and receive ({@code Pipe(duplex=True)}): a pair of Unix sockets, which can carry descriptors.
     *
     * @return the pipe
     * @throws OsException if the process or the system has no more descriptors
     */
    public static Pipe duplex() {
        Fd[] ends = Sockets.pair("connection");
        return new Pipe(new Connection(ends[0], Sockets.Kind.UNIX, true, true, true), new Connection(ends[1], Sockets.Kind.UNIX, true, true, true));
    }

    /**
     * A pipe on which the first end receives and the second sends ({@code Pipe(duplex=False)}): a POSIX pipe. Faster than a duplex one; cannot
     * carry connections and other descriptors.
     *
     * @return the pipe
     * @throws OsException if the process or the system has no more descriptors
     */
    public static Pipe oneWay() {
        Fd[] ends = Sockets.pipe("connection");
        return new Pipe(new Connection(ends[0], Sockets.Kind.PIPE, true, false, true), new Connection(ends[1], Sockets.Kind.PIPE, false, true, true));
    }

    /** @return one end; of a one-way pipe the receiving one */
    public Connection first() {
        return first;
    }

    /** @return the other end; of a one-way pipe the sending one */
    public Connection second() {
        return second;
    }

    /**
     * @return the receiving end of a one-way pipe
     * @throws IllegalStateException if this is a duplex pipe
     */
    public Connection reader() {
        checkOneWay();
        return first;
    }

    /**
     * @return the sending end of a one-way pipe
     * @throws IllegalStateException if this is a duplex pipe
     */
    public Connection writer() {
        checkOneWay();
        return second;
    }

    private void checkOneWay() {
        if (first.isUnixSocket()) {
            throw new IllegalStateException("both ends of a duplex pipe receive and send: use first() and second()");
        }
    }

    /** Closes both ends, as far as this process holds them. */
    @Override
    public void close() {
        first.close();
        second.close();
    }

    /** @return both ends */
    @Override
    public String toString() {
        return "Pipe[" + first + ", " + second + "]";
    }
}
