package org.jmultiprocessing.internal.arena;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jmultiprocessing.internal.os.Cleaning;
import org.jmultiprocessing.internal.os.Forking;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;

/**
 * Gives out runs of lines for small objects, from segments that many of them share. Only the process that made a segment gives out its lines, so the
 * book-keeping lives in its own memory and no death can hurt it; lines that nobody else ever heard of are given out again.
 */
public final class Arena {
    private static final int KIND = 1;
    private static final int LINES = 1024;

    private static final Map<String, Segment> ATTACHED = new ConcurrentHashMap<>();
    private static final TreeMap<Integer, Deque<Run>> RETURNED = new TreeMap<>();

    private static Segment segment;
    private static int next;

    static {
        Forking.inChild(Forking.Phase.MEND, new Forgetting());
    }

    private Arena() { }

    /** In a forked child, which is a member of its own by now: lines of the parent's are the parent's to give out. */
    private static final class Forgetting implements Runnable {
        @Override
        public void run() {
            segment = null;
            RETURNED.clear();
        }
    }

    /** Where lines are. */
    private record Run(Segment segment, int first, int lines) { }

    /** Lines in use. They are given out again when this is unreachable, unless {@link #write} has told of them. */
    public static final class Block {
        private final Owned owned;

        private Block(Owned owned) {
            this.owned = owned;
        }

        /**
         * @param index from 0
         * @return that line
         */
        public Line line(int index) {
            return new Line(owned.run.segment, owned.run.first + index, this);
        }

        /**
         * @param out gets what another process needs to find these lines
         */
        public void write(TransferOutput out) {
            owned.isKnown = true;
            out.writeString(owned.run.segment.tree().id());
            out.writeString(owned.run.segment.file());
            out.writeInt(owned.run.first);
        }
    }

    /** What is known of a block when it is unreachable. */
    private static final class Owned implements Runnable {
        private final Run run;
        private volatile boolean isKnown;

        Owned(Run run) {
            this.run = run;
        }

        @Override
        public void run() {
            if (!isKnown) {
                giveBack(run);
            }
        }
    }

    /**
     * Takes lines, filled with zeros.
     *
     * @param lines how many
     * @return a run of them
     * @throws org.jmultiprocessing.errors.OsException if there is no room for shared memory
     */
    public static Block allocate(int lines) {
        Owned owned = new Owned(take(lines));
        Block block = new Block(owned);
        Cleaning.register(block, owned);
        return block;
    }

    private static synchronized Run take(int lines) {
        Deque<Run> returned = RETURNED.get(lines);
        Run run = returned == null ? null : returned.poll();
        if (run != null) {
            Line.clear(run.segment.memory(), run.first, run.lines);
            return run;
        }
        if (lines >= LINES / 4) {
            return begun(new Run(create(lines + 1), 1, lines));
        }
        if (segment == null || next + lines > LINES) {
            segment = create(LINES);
            next = 1;
        }
        run = begun(new Run(segment, next, lines));
        next += lines;
        return run;
    }

    private static Segment create(int lines) {
        Segment made = Segment.create("arena", KIND, lines, lines * Line.BYTES);
        made.publish();
        ATTACHED.put(key(made.tree().id(), made.file()), made);
        return made;
    }

    private static Run begun(Run run) {
        Line.begin(run.segment.memory(), run.first, run.lines);
        return run;
    }

    private static synchronized void giveBack(Run run) {
        Deque<Run> same = RETURNED.get(run.lines);
        if (same == null) {
            same = new ArrayDeque<>();
            RETURNED.put(run.lines, same);
        }
        same.add(run);
    }

    /**
     * Finds lines that {@link Block#write} told of.
     *
     * @param in what it wrote
     * @param lines how many they are
     * @return the lines
     * @throws org.jmultiprocessing.errors.OsException if there is no such segment any more (ENOENT)
     * @throws IllegalStateException if there are no such lines in it
     */
    public static Block read(TransferInput in, int lines) {
        String treeId = in.readString();
        String file = in.readString();
        int first = in.readInt();
        Segment attached = ATTACHED.get(key(treeId, file));
        if (attached == null) {
            attached = Segment.attach(treeId, file, KIND);
            Segment faster = ATTACHED.putIfAbsent(key(treeId, file), attached);
            attached = faster != null ? faster : attached;
        }
        attached.checkLines(first, lines);
        Owned owned = new Owned(new Run(attached, first, lines));
        owned.isKnown = true;
        return new Block(owned);
    }

    private static String key(String treeId, String file) {
        return treeId + "/" + file;
    }
}
