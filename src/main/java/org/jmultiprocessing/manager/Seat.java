package org.jmultiprocessing.manager;

import java.net.SocketAddress;

/** Where a manager's server is, from the point of view of this process, and what the manager has to do with its end. */
interface Seat {
    SocketAddress address();

    /** Ends what this process began: the server, or the connection to it. Does nothing the second time. */
    void end();

    /** Blocks until the server is asked to end; only of a server in this process. */
    void serveForever() throws InterruptedException;

    /** Waits for the server process's end; only of one that this process started. */
    void join() throws InterruptedException;

    /** Whether {@link #end} was called. */
    boolean hasEnded();
}
