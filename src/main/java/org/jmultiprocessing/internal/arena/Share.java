package org.jmultiprocessing.internal.arena;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Forking;
import org.jmultiprocessing.internal.os.SharedFile;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.internal.registry.Tree;

/**
 * A share in a file that several processes have: a lock on it, which the kernel takes away when the process ends. Who gives up the last share removes
 * what there is, after deaths the tracker does, unless a handle is under way to a process that does not have it yet. Does not reach the object that
 * it is for, so that the cleaner can have it.
 */
final class Share implements Runnable {
    private static final Set<Share> HELD = ConcurrentHashMap.newKeySet();

    static {
        Forking.inChild(Forking.Phase.MEND, new Renewing());
    }

    private final Tree tree;
    private final String file;
    private final ByteBuffer memory;
    private final int underWayAt;
    private final Runnable removal;
    private Fd fd;

    /**
     * @param file its name in the tree's directory
     * @param memory of the file
     * @param underWayAt where it counts handles that are under way
     * @param removal removes it all; must not reach the object
     */
    Share(Tree tree, String file, ByteBuffer memory, int underWayAt, Runnable removal) {
        this.tree = tree;
        this.file = file;
        this.memory = memory;
        this.underWayAt = underWayAt;
        this.removal = removal;
        this.fd = locked();
        HELD.add(this);
    }

    private Fd locked() {
        Fd opened = tree.openFile(file);
        boolean held = false;
        try {
            SharedFile.lock(opened, false, true);
            held = true;
            return opened;
        } finally {
            if (!held) {
                opened.close();
            }
        }
    }

    /** In a forked child: its copies of the parent's descriptors are the same locks, so it takes some of its own. */
    private static final class Renewing implements Runnable {
        @Override
        public void run() {
            for (Share share : HELD) {
                share.renew();
            }
        }
    }

    private void renew() {
        Fd parents = fd;
        try {
            fd = locked();
        } catch (OsException gone) {
            // The parent has given it up this instant: what is mapped here can still be used, and nobody else finds it.
            HELD.remove(this);
        }
        parents.abandon();
    }

    /** Gives the share up. */
    @Override
    public void run() {
        if (!HELD.remove(this)) {
            return;
        }
        try (Fd last = fd) {
            if (SharedFile.lock(last, true, false) && Words.getIntVolatile(memory, underWayAt) <= 0) {
                removal.run();
            }
        }
    }
}
