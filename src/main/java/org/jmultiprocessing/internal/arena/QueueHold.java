package org.jmultiprocessing.internal.arena;

import java.nio.ByteBuffer;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.SharedFile;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.internal.registry.Tree;

/**
 * A share in a queue's files: a lock on the control file, which the kernel takes away when the process ends. Who gives up the last share removes the
 * files, after deaths the tracker does, unless a handle is under way to a process that does not have it yet. Does not reach the queue, so that the
 * cleaner can have it.
 */
final class QueueHold implements Runnable {
    private final QueueFiles files;
    private final ByteBuffer memory;
    private final Fd fd;

    QueueHold(Tree tree, String file, QueueFiles files, ByteBuffer memory) {
        this.files = files;
        this.memory = memory;
        this.fd = tree.openFile(file);
        boolean held = false;
        try {
            SharedFile.lock(fd, false, true);
            held = true;
        } finally {
            if (!held) {
                fd.close();
            }
        }
    }

    /** Gives the share up. */
    @Override
    public void run() {
        try (fd) {
            if (SharedFile.lock(fd, true, false) && Words.getIntVolatile(memory, QueueLayout.UNDER_WAY) <= 0) {
                files.deleteAll();
            }
        }
    }
}
