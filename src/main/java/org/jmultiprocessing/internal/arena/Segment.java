package org.jmultiprocessing.internal.arena;

import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Mapping;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.internal.registry.Members;
import org.jmultiprocessing.internal.registry.Tree;

/**
 * A mapped file in a tree's directory that begins with lines:
 *
 * <pre>
 *   0                   8                12             16             20                            64
 *  +-------------------+----------------+--------------+--------------+-----------------------------+----------
 *  | magic, written    | layout version | lines, this  | kind         | 44 bytes of the kind's own  | lines ...
 *  | last              |                | one included |              |                             | bytes ...
 *  +-------------------+----------------+--------------+--------------+-----------------------------+----------
 * </pre>
 *
 * <p>The tracker knows this header: it wakes who waits for a line when a member dies. A segment whose magic is missing was left by a process that
 * died while it made it; nobody has its name. Stays mapped until neither this object nor a line of it is reachable.
 */
public final class Segment {
    /** Offset of the kind's own bytes in the header line. */
    public static final int OWN = 20;

    /** "jmparena". */
    private static final long MAGIC = 0x6a6d706172656e61L;
    private static final int VERSION = 1;
    private static final int VERSION_AT = 8;
    private static final int LINES_AT = 12;
    private static final int KIND_AT = 16;

    private final Tree tree;
    private final String file;
    private final Members members;
    private final ByteBuffer memory;
    private final long address;
    private final int lines;

    private Segment(Tree tree, String file, Mapping mapping, int bytes, int lines) {
        this.tree = tree;
        this.file = file;
        this.members = tree.members();
        this.memory = mapping.buffer(0, bytes);
        this.address = mapping.address();
        this.lines = lines;
    }

    /**
     * Makes a segment, filled with zeros, with all its pages reserved.
     *
     * @param prefix of its name: {@code arena} or {@code queue}
     * @param kind what it is, for {@link #attach} to compare
     * @param lines how many it begins with, the header among them
     * @param bytes its size
     * @return the segment, not yet {@link #publish}ed
     * @throws OsException if there is no room: ENOSPC
     */
    public static Segment create(String prefix, int kind, int lines, int bytes) {
        Tree tree = Tree.current();
        // Opens the tree, at first.
        tree.members();
        String file = prefix + "-" + tree.randomName();
        try (Fd fd = tree.createFile(file, bytes)) {
            Segment segment = new Segment(tree, file, Mapping.map(fd, bytes), bytes, lines);
            Words.putInt(segment.memory, VERSION_AT, VERSION);
            Words.putInt(segment.memory, LINES_AT, lines);
            Words.putInt(segment.memory, KIND_AT, kind);
            return segment;
        }
    }

    /** Says that the segment is complete; nobody can attach it before. */
    public void publish() {
        Words.putLongRelease(memory, 0, MAGIC);
    }

    /**
     * Publishes a segment for which its user then finds no room in this process: then its file goes.
     *
     * @param user takes it
     * @param <T> the user
     * @return the user
     */
    <T> T published(Function<Segment, T> user) {
        publish();
        boolean used = false;
        try {
            T made = user.apply(this);
            used = true;
            return made;
        } finally {
            if (!used) {
                tree.remove(file);
            }
        }
    }

    /**
     * Attaches a segment of any tree.
     *
     * @param treeId the tree
     * @param file its name in the tree's directory
     * @param kind what it has to be
     * @return the segment
     * @throws OsException if there is none (ENOENT)
     * @throws IllegalStateException if it is not what it should be
     */
    public static Segment attach(String treeId, String file, int kind) {
        if (file.indexOf('/') >= 0) {
            throw new IllegalStateException(file + " is no name of a segment");
        }
        Tree tree = Tree.of(treeId);
        tree.members();
        try (Fd fd = tree.openFile(file)) {
            int bytes = Math.toIntExact(tree.sizeOf(fd));
            if (bytes < Line.BYTES) {
                throw new IllegalStateException(file + " of tree " + treeId + " has " + bytes + " bytes, less than its header");
            }
            Mapping mapping = Mapping.map(fd, bytes);
            ByteBuffer header = mapping.buffer(0, Line.BYTES);
            if (Words.getLongVolatile(header, 0) != MAGIC || Words.getInt(header, VERSION_AT) != VERSION || Words.getInt(header, KIND_AT) != kind) {
                throw new IllegalStateException(file + " of tree " + treeId + " is not what its handle says, or was made by another version of this"
                        + " library; use the same version in all processes that share objects");
            }
            return new Segment(tree, file, mapping, bytes, Words.getInt(header, LINES_AT));
        }
    }

    /** @return the tree in whose directory it lives */
    public Tree tree() {
        return tree;
    }

    /** @return its name there */
    public String file() {
        return file;
    }

    /** @return the tree's members, this process among them */
    public Members members() {
        return members;
    }

    /** @return the whole segment; keeps it mapped */
    public ByteBuffer memory() {
        return memory;
    }

    /** @return where it is mapped in this process; good while {@link #memory} is reachable */
    public long address() {
        return address;
    }

    /**
     * @param index from 1; 0 is the header
     * @return that line
     */
    public Line line(int index) {
        checkLines(index, 1);
        return new Line(this, index, this);
    }

    void checkLines(int first, int count) {
        if (first < 1 || count < 1 || first > lines - count) {
            throw new IllegalStateException("there are no lines " + first + " to " + (first + count - 1) + " in " + file + ", which has " + lines);
        }
    }
}
