package org.jmultiprocessing.internal.arena;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.internal.registry.Members;

/**
 * How much of something each process has, so that it can be given back when the process dies: permits, notifications waited for, parties arrived.
 * Entries of 16 bytes, each changed by single stores under the guard of the object's line:
 *
 * <pre>
 *   0                      8           12          16
 *  +----------------------+-----------+-----------+
 *  | member, 0 unused     | count     | round     |
 *  +----------------------+-----------+-----------+
 * </pre>
 *
 * <p>An entry is taken over when its count is 0, or its member has died and that only gives back what it had. The count is set to 0 before the member
 * is changed, so that a death between the two stores leaves nobody with something that he has not. Entries are first used in their order, so that
 * none is used behind one that never was.
 */
public final class Holdings {
    /** Bytes of an entry. */
    public static final int BYTES = 16;

    private static final int COUNT = 8;
    private static final int ROUND = 12;

    private final ByteBuffer memory;
    private final int base;
    private final int capacity;
    private final boolean untilEnd;
    private final Members members;

    /**
     * @param line whose members count
     * @param base offset of the first entry in the line's memory, a multiple of 8
     * @param capacity number of entries
     */
    public Holdings(Line line, int base, int capacity) {
        this(line, base, capacity, false);
    }

    /**
     * @param line whose members count
     * @param base offset of the first entry in the line's memory, a multiple of 8
     * @param capacity number of entries
     * @param untilEnd whether what a process has ends with it in any case; else only when it dies, and who exits normally keeps it
     */
    public Holdings(Line line, int base, int capacity, boolean untilEnd) {
        this.memory = line.memory();
        this.base = base;
        this.capacity = capacity;
        this.untilEnd = untilEnd;
        this.members = line.members();
    }

    private int end() {
        return base + capacity * BYTES;
    }

    private boolean isOver(long member) {
        return untilEnd ? members.isGone(member) : members.hasDied(member);
    }

    /**
     * Goes from entry to entry, in the order in which they were first used.
     *
     * @param entry the last one, or -1
     * @return the next one that was ever used, or -1
     */
    public int next(int entry) {
        int next = entry < 0 ? base : entry + BYTES;
        return next < end() && Words.getLong(memory, next) != 0 ? next : -1;
    }

    /**
     * @param entry as from {@link #next}
     * @return whose it is
     */
    public long member(int entry) {
        return Words.getLong(memory, entry);
    }

    /**
     * @param entry as from {@link #next}
     * @return whether something is counted in it for a member that has lost it by its end
     */
    public boolean isLost(int entry) {
        return count(entry) != 0 && isOver(member(entry));
    }

    /**
     * @param member whose
     * @return its entry, or -1
     */
    public int find(long member) {
        for (int entry = next(-1); entry >= 0; entry = next(entry)) {
            if (member(entry) == member) {
                return entry;
            }
        }
        return -1;
    }

    /**
     * @param member whose
     * @return its entry, new ones with count 0; -1 if all are taken
     */
    public int claim(long member) {
        int found = find(member);
        for (int entry = base; found < 0 && entry < end(); entry += BYTES) {
            // An end that the object has to answer must not be covered up, though it be a moment old.
            if (count(entry) == 0 || !untilEnd && isOver(member(entry))) {
                found = take(entry, member);
            }
        }
        return found;
    }

    /**
     * As {@link #claim(long)}, where nothing is left of what was counted in other rounds.
     *
     * @param member whose
     * @param round the current one
     * @return its entry, with count 0 in that round if it was not counted in it before; -1 if all are taken
     */
    public int claim(long member, int round) {
        int found = find(member);
        for (int entry = base; found < 0 && entry < end(); entry += BYTES) {
            if (count(entry) == 0 || round(entry) != round) {
                found = take(entry, member);
            }
        }
        if (found >= 0 && round(found) != round) {
            set(found, 0, round);
        }
        return found;
    }

    private int take(int entry, long member) {
        Words.putIntRelease(memory, entry + COUNT, 0);
        Words.putLongRelease(memory, entry, member);
        Step.HOLDER_CLAIMED.reached();
        return entry;
    }

    /**
     * @param entry as from {@link #find}
     * @return its count
     */
    public int count(int entry) {
        return Words.getInt(memory, entry + COUNT);
    }

    /**
     * Changes a count, by one store.
     *
     * @param entry as from {@link #claim}
     * @param count its new count
     */
    public void setCount(int entry, int count) {
        Words.putIntRelease(memory, entry + COUNT, count);
        Step.HOLDER_COUNTED.reached();
    }

    /**
     * Changes count and round, by one store.
     *
     * @param entry as from {@link #claim}
     * @param count its new count
     * @param round what the count belongs to, or another number beside it
     */
    public void set(int entry, int count, int round) {
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        long low = (little ? count : round) & 0xffffffffL;
        long high = little ? round : count;
        Words.putLongRelease(memory, entry + COUNT, high << Integer.SIZE | low);
        Step.HOLDER_COUNTED.reached();
    }

    /**
     * @param entry as from {@link #find}
     * @return its round
     */
    public int round(int entry) {
        return Words.getInt(memory, entry + ROUND);
    }

    /** @return the sum of all counts but those that are lost */
    public int sum() {
        int sum = 0;
        for (int entry = next(-1); entry >= 0; entry = next(entry)) {
            int count = count(entry);
            if (count != 0 && !isOver(member(entry))) {
                sum += count;
            }
        }
        return sum;
    }

    /**
     * @param round which
     * @return the sum of the counts of a round, -1 if one of them is lost
     */
    public int sumOfRound(int round) {
        int sum = 0;
        for (int entry = next(-1); entry >= 0; entry = next(entry)) {
            int count = count(entry);
            if (count != 0 && round(entry) == round) {
                if (isOver(member(entry))) {
                    return -1;
                }
                sum += count;
            }
        }
        return sum;
    }
}
