package org.jmultiprocessing.internal.registry;

import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.PipeEnds;
import org.jmultiprocessing.internal.os.RandomBytes;

/**
 * Which tree this process belongs to: a root process and all its descendants by this library. A child remembers what it was given and touches nothing
 * of it until it needs to. The tree's pipe is never written to: each process of the tree holds both ends, so it ends for the tracker, which holds the
 * reading end alone, when the last of them is gone.
 */
public final class Lineage {
    private static long id;
    private static Fd reader;
    private static Fd writer;

    private Lineage() { }

    /**
     * In a child: joins its parent's tree.
     *
     * @param treeId the tree's number
     * @param pipeReader the tree pipe's reading end, which belongs to this process from now on
     * @param pipeWriter its writing end, likewise
     */
    public static synchronized void inherit(long treeId, int pipeReader, int pipeWriter) {
        id = treeId;
        reader = Fd.lasting(pipeReader, "tree pipe");
        writer = Fd.lasting(pipeWriter, "tree pipe");
    }

    /** @return the tree's number; that of a new tree, whose root this process is, where it belongs to none yet */
    public static synchronized long id() {
        begin();
        return id;
    }

    /** @return the tree pipe's reading end, open until this process ends */
    public static synchronized Fd reader() {
        begin();
        return reader;
    }

    /** @return the tree pipe's writing end, open until this process ends */
    public static synchronized Fd writer() {
        begin();
        return writer;
    }

    /** @return whether this process belongs to a tree by now: it was given one, or has made one */
    public static synchronized boolean hasBegun() {
        return reader != null;
    }

    private static void begin() {
        if (reader == null) {
            PipeEnds pipe = PipeEnds.open("tree pipe");
            id = RandomBytes.nextLong();
            writer = pipe.writer();
            Kept.add(writer);
            reader = pipe.takeReader();
            Kept.add(reader);
            Diagnostics.register(new TreeSection());
        }
    }
}
