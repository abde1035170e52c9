package org.jmultiprocessing.manager;

import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.internal.os.Deadline;

/** How bytes get to the other side and back. One thread reads and one writes at a time; any thread may close. */
interface Transport extends AutoCloseable {
    /**
     * Blocks until there is at least one byte.
     *
     * @return how many; 0 at the end
     * @throws InterruptedException if the thread is interrupted while it waits; nothing is lost
     * @throws org.jmultiprocessing.errors.OsException if it is closed meanwhile
     */
    int read(byte[] target, int offset, int length, Deadline deadline) throws InterruptedException, TimeoutException;

    /** Writes it all. An interrupt does not end it; the flag stays set. */
    void write(byte[] source, int offset, int length);

    /** Whether reading insists for some microseconds before it blocks; it does at first. Called by the thread that reads. */
    void insist(boolean awake);

    /**
     * Whether somebody is there to read what is written next, as far as the writing does not find that out. Called by the thread that reads.
     */
    default boolean isPeerThere() {
        return true;
    }

    /** Wakes who reads or writes. */
    @Override
    void close();
}
