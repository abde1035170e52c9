package org.jmultiprocessing.pool;

import java.nio.ByteBuffer;
import org.jmultiprocessing.internal.arena.Line;
import org.jmultiprocessing.internal.arena.Segment;
import org.jmultiprocessing.internal.os.Words;

/**
 * What a worker and the pool write for each other without a message. The worker begins a task by one compareAndSet on the task's claim, the pool
 * takes a task back by another: so each task that was handed over is begun by one worker at most, and after a worker's death the claims tell which
 * it had begun.
 *
 * <pre>
 *   0      64         72            80      88        96             104            112          128
 *  +------+----------+-------------+-------+---------+--------------+--------------+------------+----------------------------
 *  | head | started  | initializing| ready | exiting | nanos worked | nanos waited | tasks done | 256 claims of 64 bytes:
 *  |      | at       | at          | at    | at      |              |              |            | long number*4+state | long begun at
 *  +------+----------+-------------+-------+---------+--------------+--------------+------------+----------------------------
 *   state: 1 offered, 2 begun, 3 taken back. Times are System.nanoTime, which is the same clock in all processes
 * </pre>
 *
 * <p>A claim is used again for the task 256 numbers later, when the one before has a result or was taken back. A worker that comes late to that one
 * finds another number.
 */
final class Board implements AutoCloseable {
    /** One more than a worker's newest and oldest task may be apart. */
    static final int CLAIMS = 256;

    static final int STARTED = Line.BYTES;
    static final int INITIALIZING = STARTED + 8;
    static final int READY = STARTED + 16;
    static final int EXITING = STARTED + 24;
    static final int WORKED = STARTED + 32;
    static final int WAITED = STARTED + 40;
    static final int TASKS = STARTED + 48;

    /** After those of the arena, queues and arrays. */
    private static final int KIND = 4;
    private static final int FIRST_CLAIM = 128;
    private static final int CLAIM = 64;
    private static final int BEGUN_AT = 8;
    private static final int OFFERED = 1;
    private static final int BEGUN = 2;
    private static final int TAKEN_BACK = 3;

    private final Segment segment;
    private final ByteBuffer memory;

    private Board(Segment segment) {
        this.segment = segment;
        this.memory = segment.memory();
    }

    /** By the pool, for one worker. */
    static Board create() {
        Segment segment = Segment.create("arena", KIND, 1, FIRST_CLAIM + CLAIMS * CLAIM);
        segment.publish();
        return new Board(segment);
    }

    /** By the worker. */
    static Board attach(String tree, String file) {
        return new Board(Segment.attach(tree, file, KIND));
    }

    String file() {
        return segment.file();
    }

    private static int claim(int number) {
        return FIRST_CLAIM + (number & CLAIMS - 1) * CLAIM;
    }

    private static long word(int number, int state) {
        return (long) number << 2 | state;
    }

    /** By the pool, before the worker can see the task. */
    void offer(int number) {
        Words.putLongRelease(memory, claim(number), word(number, OFFERED));
    }

    /** By the worker; returns whether the task is its own now. */
    boolean begin(int number, long now) {
        int claim = claim(number);
        if (Words.getLongVolatile(memory, claim) != word(number, OFFERED)) {
            return false;
        }
        Words.putLong(memory, claim + BEGUN_AT, now);
        return Words.casLong(memory, claim, word(number, OFFERED), word(number, BEGUN));
    }

    /** By the pool; returns whether the worker will never begin the task. */
    boolean takeBack(int number) {
        return Words.casLong(memory, claim(number), word(number, OFFERED), word(number, TAKEN_BACK));
    }

    boolean isBegun(int number) {
        return Words.getLongVolatile(memory, claim(number)) == word(number, BEGUN);
    }

    /** When a task was begun that {@link #isBegun}. */
    long begunAt(int number) {
        return Words.getLongVolatile(memory, claim(number) + BEGUN_AT);
    }

    long get(int word) {
        return Words.getLongVolatile(memory, word);
    }

    /** Each word has one writer. */
    void set(int word, long value) {
        Words.putLongRelease(memory, word, value);
    }

    /** By the pool, when the worker has ended: takes the name away. */
    @Override
    public void close() {
        segment.tree().remove(segment.file());
    }
}
