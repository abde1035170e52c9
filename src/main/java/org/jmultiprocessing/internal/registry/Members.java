package org.jmultiprocessing.internal.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Mapping;
import org.jmultiprocessing.internal.os.ProcessIds;
import org.jmultiprocessing.internal.os.SharedFile;
import org.jmultiprocessing.internal.os.Words;

/**
 * The processes that use a tree, in a table that they share and the tracker knows:
 *
 * <pre>
 *   0              8                12      16                20          24     28                             64
 *  +--------------+----------------+-------+-----------------+-----------+------+------------------------------+-----
 *  | magic,       | layout version | slots | pid namespace   | unwatched | next | unused                       | slots
 *  | written last |                |       | (8 bytes)       |           |      |                              | ...
 *  +--------------+----------------+-------+-----------------+-----------+------+------------------------------+-----
 *  slot, 16 bytes:  long word = generation &lt;&lt; 8 | state, int pid, int start time
 * </pre>
 *
 * <p>A process joins by taking a slot that is free or whose process has ended, for as long as it lives. Nobody but the tracker, which hears of every
 * end, changes the slot of another; without a tracker those who wait look themselves ({@link #refresh}). Safe for any number of threads.
 */
public final class Members {
    static final String FILE = "members";

    /** "jmpmembs". */
    private static final long MAGIC = 0x6a6d706d656d6273L;
    private static final int VERSION = 1;
    private static final int VERSION_AT = 8;
    private static final int SLOTS_AT = 12;
    private static final int NAMESPACE_AT = 16;
    private static final int UNWATCHED_AT = 24;
    private static final int NEXT_AT = 28;
    private static final int HEADER = 64;
    private static final int SLOTS = 4096;
    private static final int SLOT = 16;
    private static final int PID_AT = 8;
    private static final int START_AT = 12;
    private static final int BYTES = HEADER + SLOTS * SLOT;

    private static final int JOINING = 1;
    private static final int ALIVE = 2;
    private static final int LEAVING = 3;
    private static final int DEAD = 4;
    private static final int LEFT = 5;
    private static final int STATE = 0xFF;
    private static final int GENERATION_SHIFT = 8;
    private static final int ID_SHIFT = 16;
    private static final int SLOT_MASK = (1 << ID_SHIFT) - 1;

    private static final Path OWN_NAMESPACE = Path.of("/proc/self/ns/pid");

    private final ByteBuffer memory;
    private final String directory;
    private int slot;
    private long generation;
    private long self;

    private Members(ByteBuffer memory, String directory) {
        this.memory = memory;
        this.directory = directory;
    }

    /**
     * Opens a tree's table, or makes it, and joins. The caller holds the lock under which all do so.
     *
     * @throws OsException if there is no room, in memory or in the table, or the table is another's: of another version or pid namespace
     */
    static Members join(Tree tree) {
        Members members = new Members(table(tree), tree.directory());
        members.check();
        members.join();
        return members;
    }

    private static ByteBuffer table(Tree tree) {
        try (Fd fd = tree.openIfThere(FILE)) {
            if (fd != null && SharedFile.size(fd) >= BYTES) {
                ByteBuffer memory = Mapping.lasting(fd, BYTES).buffer(0, BYTES);
                if (Words.getLongVolatile(memory, 0) != 0) {
                    return memory;
                }
            }
            if (fd != null) {
                // Left by a process that died while it made it. Nobody else has it, as all come here under the lock.
                tree.remove(FILE);
            }
        }
        try (Fd fd = tree.createFile(FILE, BYTES)) {
            ByteBuffer memory = Mapping.lasting(fd, BYTES).buffer(0, BYTES);
            Words.putInt(memory, VERSION_AT, VERSION);
            Words.putInt(memory, SLOTS_AT, SLOTS);
            Words.putLong(memory, NAMESPACE_AT, pidNamespace());
            Words.putLongRelease(memory, 0, MAGIC);
            return memory;
        }
    }

    private void check() {
        if (Words.getLongVolatile(memory, 0) != MAGIC || Words.getInt(memory, VERSION_AT) != VERSION || Words.getInt(memory, SLOTS_AT) != SLOTS) {
            throw new OsException("join the processes of", directory, "",
                    "it was made by another version of jmultiprocessing: use the same jar in all processes that share objects");
        }
        long theirs = Words.getLong(memory, NAMESPACE_AT);
        long ours = pidNamespace();
        if (theirs != ours) {
            throw new OsException("join the processes of", directory, "", "they live in pid namespace " + theirs + " and this process in " + ours
                    + ", so neither could tell whether the other is alive: run both in the same container, or talk over a connection");
        }
    }

    /** The inode of this process's pid namespace; 0 where there are none. */
    static long pidNamespace() {
        try {
            return ((Number) Files.getAttribute(OWN_NAMESPACE, "unix:ino")).longValue();
        } catch (NoSuchFileException none) {
            return 0;
        } catch (IOException e) {
            throw new OsException("stat", OWN_NAMESPACE.toString(), "", e.toString());
        }
    }

    /** Takes a slot, also for the process that a fork has made of this one. */
    void join() {
        if (!takeSlot()) {
            refresh();
            if (!takeSlot()) {
                throw new OsException("join the processes of", directory, "", SLOTS + " processes use it already, which is the most");
            }
        }
    }

    private boolean takeSlot() {
        int first = Words.addInt(memory, NEXT_AT, 1);
        for (int i = 0; i < SLOTS; i++) {
            int candidate = Math.floorMod(first + i, SLOTS);
            int at = at(candidate);
            long word = Words.getLongVolatile(memory, at);
            int state = (int) (word & STATE);
            // One that is joining has died doing so: all join under the same lock, which this process holds.
            if (state == ALIVE || state == LEAVING) {
                continue;
            }
            long next = (word >>> GENERATION_SHIFT) + 1;
            if (Words.casLong(memory, at, word, next << GENERATION_SHIFT | JOINING)) {
                int pid = ProcessIds.self();
                Words.putInt(memory, at + PID_AT, pid);
                Words.putInt(memory, at + START_AT, (int) ProcessIds.startTime(pid));
                Words.putLongRelease(memory, at, next << GENERATION_SHIFT | ALIVE);
                slot = candidate;
                generation = next;
                self = next << ID_SHIFT | candidate;
                return true;
            }
        }
        return false;
    }

    /** From now on the end of this process is one that its program wants; it is a member until then. */
    void leave() {
        Words.casLong(memory, at(slot), generation << GENERATION_SHIFT | ALIVE, generation << GENERATION_SHIFT | LEAVING);
    }

    private static int at(int index) {
        return HEADER + index * SLOT;
    }

    int slot() {
        return slot;
    }

    long generation() {
        return generation;
    }

    /** @return this process's id among the members; never 0. Another in a forked child */
    public long self() {
        return self;
    }

    /**
     * @param id of a member
     * @return whether its process has ended, however that came
     */
    public boolean isGone(long id) {
        long word = word(id);
        int state = (int) (word & STATE);
        return word >>> GENERATION_SHIFT != id >>> ID_SHIFT || state == DEAD || state == LEFT;
    }

    /**
     * @param id of a member
     * @return whether its process has ended, and not by exiting as its program wanted; also true of one that ended so long ago that its slot is
     *         another's now
     */
    public boolean hasDied(long id) {
        long word = word(id);
        return word >>> GENERATION_SHIFT != id >>> ID_SHIFT || (word & STATE) == DEAD;
    }

    /**
     * @param id of a member
     * @return its process's id; 0 if its slot is another's now
     */
    public int pid(long id) {
        int pid = Words.getInt(memory, at((int) (id & SLOT_MASK) % SLOTS) + PID_AT);
        return word(id) >>> GENERATION_SHIFT == id >>> ID_SHIFT ? pid : 0;
    }

    private long word(long id) {
        return Words.getLongVolatile(memory, at((int) (id & SLOT_MASK) % SLOTS));
    }

    /** @return whether a tracker hears of the end of each member; else who waits for another has to {@link #refresh} and look now and then */
    public boolean watched() {
        return Words.getIntVolatile(memory, UNWATCHED_AT) == 0;
    }

    /** Counts this process among those that no tracker watches, or no longer. */
    void countUnwatched(int delta) {
        Words.addInt(memory, UNWATCHED_AT, delta);
    }

    /** Looks which members have ended, and notes it. Takes some microseconds for each member. */
    public void refresh() {
        for (int i = 0; i < SLOTS; i++) {
            int at = at(i);
            long word = Words.getLongVolatile(memory, at);
            int state = (int) (word & STATE);
            if ((state == ALIVE || state == LEAVING)
                    && !ProcessIds.isAlive(Words.getInt(memory, at + PID_AT), Words.getInt(memory, at + START_AT))) {
                Words.casLong(memory, at, word, word & ~STATE | (state == ALIVE ? DEAD : LEFT));
            }
        }
    }

    /** @return how many processes are members now */
    public int count() {
        int count = 0;
        for (int i = 0; i < SLOTS; i++) {
            long state = Words.getLongVolatile(memory, at(i)) & STATE;
            count += state == ALIVE || state == LEAVING ? 1 : 0;
        }
        return count;
    }
}
