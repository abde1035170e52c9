package org.jmultiprocessing.internal.arena;

/**
 * A place in a queue, the head or the tail, as one word: ring (12 bits), position in the ring in units of 8 bytes, running on (24 bits), and number
 * of messages before it, running on (28 bits). The top bit of a ring says that it has a file of its own; the other 11 count the rings.
 */
final class Mark {
    /** One more than the messages that a queue can hold. */
    static final int COUNTS = 1 << 28;
    /** Bit of a ring's number: in a file of its own, not in the control file. */
    static final int OWN_FILE = 1 << 11;

    private static final int COUNT_BITS = 28;
    private static final int POSITION_BITS = 24;
    private static final int COUNT = COUNTS - 1;
    private static final int POSITION = (1 << POSITION_BITS) - 1;

    private Mark() { }

    static int ring(long mark) {
        return (int) (mark >>> COUNT_BITS + POSITION_BITS);
    }

    static int position(long mark) {
        return (int) (mark >>> COUNT_BITS) & POSITION;
    }

    static int count(long mark) {
        return (int) mark & COUNT;
    }

    /** Messages from one mark to another. */
    static int countBetween(long from, long to) {
        return (int) (to - from) & COUNT;
    }

    /** Units from one mark to another in the same ring. */
    static int unitsBetween(long from, long to) {
        return position(to) - position(from) & POSITION;
    }

    /** Behind one more message. */
    static long behind(long mark, int units) {
        return of(ring(mark), position(mark) + units, count(mark) + 1);
    }

    /** The beginning of a ring, after as many messages as {@code mark} says. */
    static long start(int ring, long mark) {
        return of(ring, 0, count(mark));
    }

    static int nextRing(int ring, boolean ownFile) {
        return ring + 1 & OWN_FILE - 1 | (ownFile ? OWN_FILE : 0);
    }

    /** The ring with a file of its own that may have come before another. */
    static int ringBefore(int ring) {
        return ring - 1 & OWN_FILE - 1 | OWN_FILE;
    }

    static boolean hasOwnFile(int ring) {
        return (ring & OWN_FILE) != 0;
    }

    /** Whether both are the same by the counted part. */
    static boolean isSameSerial(int ring, int other) {
        return ((ring ^ other) & OWN_FILE - 1) == 0;
    }

    private static long of(int ring, int position, int count) {
        return (long) ring << COUNT_BITS + POSITION_BITS | (long) (position & POSITION) << COUNT_BITS | count & COUNT;
    }
}
