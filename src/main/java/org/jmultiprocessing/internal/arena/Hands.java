package org.jmultiprocessing.internal.arena;

import java.nio.ByteBuffer;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.internal.registry.Members;

/**
 * How many messages each process has taken and not reported as done. Those of a process that died count no more: they went with it. All under the
 * guard of the get line; an entry's count and turn are changed by one store:
 *
 * <pre>
 *   0                      8           12          16
 *  +----------------------+-----------+-----------+
 *  | member, 0 unused     | count     | turn      |  turn: number of the message counted last, before the head shows that it is taken
 *  +----------------------+-----------+-----------+
 * </pre>
 */
final class Hands {
    static final int BYTES = 16;

    private static final int STATE = 8;
    private static final int NO_TURN = -1;

    private final ByteBuffer memory;
    private final int base;
    private final int capacity;
    private final int nobodys;
    private final Members members;

    /**
     * @param memory holds the entries
     * @param base where they begin
     * @param capacity how many there are
     * @param nobodys where the tasks are counted of processes that found no entry free
     * @param members who they are
     */
    Hands(ByteBuffer memory, int base, int capacity, int nobodys, Members members) {
        this.memory = memory;
        this.base = base;
        this.capacity = capacity;
        this.nobodys = nobodys;
        this.members = members;
    }

    /** Counts a message that the head will show as taken next. */
    void take(long member, int turn) {
        int entry = claim(member);
        if (entry < 0) {
            Words.putIntRelease(memory, nobodys, Words.getInt(memory, nobodys) + 1);
        } else {
            set(entry, count(entry) + 1, turn);
        }
        Step.HOLDER_COUNTED.reached();
    }

    /** Takes one message off; the caller's own if it has any, else one of a process that has ended, else anybody's. False if there is none. */
    boolean give(long member) {
        int own = find(member);
        int entry = own >= 0 && count(own) > 0 ? own : find(true);
        entry = entry >= 0 ? entry : find(false);
        if (entry >= 0) {
            set(entry, count(entry) - 1, NO_TURN);
        } else if (Words.getInt(memory, nobodys) > 0) {
            Words.putIntRelease(memory, nobodys, Words.getInt(memory, nobodys) - 1);
        } else {
            return false;
        }
        Step.HOLDER_COUNTED.reached();
        return true;
    }

    /** Takes back what was counted by one who ended before the head showed it. */
    void repair(int head) {
        for (int entry = base; isUsed(entry); entry += BYTES) {
            if (count(entry) > 0 && (int) (state(entry) >>> 32) == head) {
                set(entry, count(entry) - 1, NO_TURN);
            }
        }
    }

    /** Messages in all hands but those of the dead. */
    int sum() {
        int sum = Words.getInt(memory, nobodys);
        for (int entry = base; isUsed(entry); entry += BYTES) {
            int count = count(entry);
            if (count > 0 && !members.hasDied(Words.getLong(memory, entry))) {
                sum += count;
            }
        }
        return sum;
    }

    /** Entries are taken into use from the first on. */
    private boolean isUsed(int entry) {
        return entry < base + capacity * BYTES && Words.getLong(memory, entry) != 0;
    }

    private int find(long member) {
        for (int entry = base; isUsed(entry); entry += BYTES) {
            if (Words.getLong(memory, entry) == member) {
                return entry;
            }
        }
        return -1;
    }

    private int find(boolean gone) {
        for (int entry = base; isUsed(entry); entry += BYTES) {
            long member = Words.getLong(memory, entry);
            if (count(entry) > 0 && !members.hasDied(member) && (!gone || members.isGone(member))) {
                return entry;
            }
        }
        return -1;
    }

    private int claim(long member) {
        int found = find(member);
        for (int entry = base; found < 0 && entry < base + capacity * BYTES; entry += BYTES) {
            if (count(entry) == 0 || members.hasDied(Words.getLong(memory, entry))) {
                set(entry, 0, NO_TURN);
                Words.putLongRelease(memory, entry, member);
                Step.HOLDER_CLAIMED.reached();
                found = entry;
            }
        }
        return found;
    }

    private long state(int entry) {
        return Words.getLong(memory, entry + STATE);
    }

    private int count(int entry) {
        return (int) state(entry);
    }

    private void set(int entry, int count, int turn) {
        Words.putLongRelease(memory, entry + STATE, (long) turn << 32 | count);
    }
}
