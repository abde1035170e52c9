package org.jmultiprocessing.internal.arena;

/**
 * The shared memory of a queue of byte messages. Its control file {@code queue-<name>} is one page and the base ring:
 *
 * <pre>
 *  line 0  header  +20 most messages | +24 most bytes, 0 if the ring may grow | +28 bytes of the base ring | +32 1 if takers' hands are counted
 *  line 1  put     guard of putters, takers wait here.  +32 long tail | +40 long head as last seen | +48 long ring changes
 *  line 2  get     guard of takers, putters wait here.  +32 long head | +40 long tail as last seen | +48 long ring changes
 *  line 3  state   those who join wait here.  +32 int 0 open, 1 shut down, 2 at once | +36 int handles under way | +40 int nobody's tasks
 *  256             hands: 240 entries of 16 bytes, see {@link Hands}
 *  4096            base ring
 * </pre>
 *
 * <p>Other rings are files {@code ring-<name>.<number>}, each as long as its ring, a power of two; a queue that stays empty goes back to the base
 * ring. Large messages have files {@code blob-<name>.<random>}. A ring holds records at multiples of 8 bytes, which may go round its end:
 *
 * <pre>
 *   0            4            8
 *  +------------+------------+----------------------------+
 *  | length     | kind       | the message, padded to 8   |
 *  +------------+------------+----------------------------+
 *   kind: BYTES a message; BLOB the length of a message and the name of its file; END nothing more in this ring, length is the number of the next
 * </pre>
 *
 * <p>{@code tail} and {@code head} are {@link Mark}s: ring, position and number of messages in one word, so that <b>one store publishes</b>. What is
 * left by a process that dies after a store:
 *
 * <table>
 *   <caption>Stores in their order, and what the next sees</caption>
 *   <tr><th>put</th><td></td></tr>
 *   <tr><td>guard taken</td><td>the next who wants it takes it over; nothing has changed</td></tr>
 *   <tr><td>head as last seen</td><td>a head of this ring that was true, which leaves less room than there is</td></tr>
 *   <tr><td>file of the next ring, END record</td><td>behind the tail, where nobody reads; the next who needs that file makes it anew</td></tr>
 *   <tr><td>ring changes</td><td>others look again which ring the tail is in</td></tr>
 *   <tr><td>record ({@link Step#PUT_WRITTEN})</td><td>behind the tail, where nobody reads: the next message overwrites it</td></tr>
 *   <tr><td>tail ({@link Step#PUT_PUBLISHED})</td><td>the message is in the queue. Takers who wait are woken by the tracker</td></tr>
 *   <tr><td>guard freed</td><td>the same</td></tr>
 *   <tr><th>get</th><td></td></tr>
 *   <tr><td>guard taken, tail as last seen</td><td>nothing has changed</td></tr>
 *   <tr><td>words of a message, as they were ({@link RingMemory#read})</td><td>the same</td></tr>
 *   <tr><td>head beyond an END</td><td>the file of the ring before is left; who takes the guard over removes it</td></tr>
 *   <tr><td>file of a large message removed</td><td>the next finds none and skips the record: the message was in the hands of the dead</td></tr>
 *   <tr><td>hands ({@link Step#GET_COPIED})</td><td>the message is in the queue; who takes the guard over takes back what the head denies</td></tr>
 *   <tr><td>head ({@link Step#GET_PUBLISHED})</td><td>the message is gone, with the dead. Putters who wait are woken by the tracker</td></tr>
 *   <tr><td>guard freed</td><td>the same</td></tr>
 * </table>
 */
final class QueueLayout {
    /** Kind of the segment. */
    static final int KIND = 2;
    static final int LINES = 4;
    static final int PUT = 1;
    static final int GET = 2;
    static final int STATE = 3;

    static final int MAX_ITEMS = Segment.OWN;
    static final int MAX_BYTES = Segment.OWN + 4;
    static final int RING_BYTES = Segment.OWN + 8;
    static final int COUNTS_HANDS = Segment.OWN + 12;

    /** Of the put line: the tail; of the get line: the head. */
    static final int MARK = Line.DATA;
    /** Of the put line: the head as last seen; of the get line: the tail. */
    static final int SEEN = Line.DATA + 8;
    /** Counted up before a {@link #MARK} goes to another ring, so that nobody takes an old ring of the same number for the new one. */
    static final int CHANGES = Line.DATA + 16;

    static final int SHUTDOWN = STATE * Line.BYTES + Line.DATA;
    static final int UNDER_WAY = SHUTDOWN + 4;
    static final int NOBODYS = SHUTDOWN + 8;

    static final int HANDS = LINES * Line.BYTES;
    static final int RING = 4096;
    static final int HANDS_CAPACITY = (RING - HANDS) / Hands.BYTES;

    static final int BYTES_RECORD = 1;
    static final int BLOB_RECORD = 2;
    static final int END_RECORD = 3;

    private QueueLayout() { }
}
