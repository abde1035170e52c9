package org.jmultiprocessing.manager;

import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.errors.ManagerException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.sharedmemory.ShareableList;
import org.jmultiprocessing.sharedmemory.SharedMemory;

/**
 * Makes shared memory and removes it all when it is closed: Python's {@code SharedMemoryManager}. It needs no server: the memory travels by name, and
 * if this process is killed the memory goes with the process tree.
 *
 * <pre>{@code
 * try (SharedMemoryManager manager = new SharedMemoryManager()) {
 *     SharedMemory memory = manager.sharedMemory(1 << 20);
 *     ...
 * }
 * }</pre>
 *
 * <p>Safe for any number of threads.
 */
public final class SharedMemoryManager implements AutoCloseable {
    private final List<SharedMemory> made = new ArrayList<>();
    private boolean closed;

    /** Makes one that has made nothing yet. */
    public SharedMemoryManager() { }

    /**
     * Makes a block.
     *
     * @param size its size in bytes
     * @return the block, with a name of its own
     * @throws ManagerException {@code Manager has shut down}
     * @throws OsException if there is no room for it
     */
    public synchronized SharedMemory sharedMemory(long size) {
        checkOpen();
        SharedMemory memory = SharedMemory.create(size);
        made.add(memory);
        return memory;
    }

    /**
     * Makes a list.
     *
     * @param values what is in it, as {@link ShareableList#create(List)} says
     * @return the list, in a block with a name of its own
     * @throws ManagerException {@code Manager has shut down}
     * @throws OsException if there is no room for it
     */
    public synchronized ShareableList shareableList(List<?> values) {
        checkOpen();
        ShareableList list = ShareableList.create(values);
        made.add(list.shm());
        return list;
    }

    private void checkOpen() {
        if (closed) {
            throw new ManagerException("Manager has shut down", null, null);
        }
    }

    /**
     * Closes and removes all that it has made. Other processes that have a block go on with it, but nobody can attach any more. Does nothing the
     * second time.
     *
     * @throws OsException if a name could not be removed; the others are
     */
    public synchronized void shutdown() {
        closed = true;
        OsException failure = null;
        for (SharedMemory memory : made) {
            memory.close();
            try {
                memory.unlink();
            } catch (OsException e) {
                failure = keep(failure, e);
            }
        }
        made.clear();
        if (failure != null) {
            throw failure;
        }
    }

    /** A name that is gone already is what was wanted. */
    private static OsException keep(OsException first, OsException next) {
        if (next.errnoName().equals("ENOENT")) {
            return first;
        }
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }

    /** As {@link #shutdown}. */
    @Override
    public void close() {
        shutdown();
    }
}
