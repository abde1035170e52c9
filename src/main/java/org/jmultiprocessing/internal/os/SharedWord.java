package org.jmultiprocessing.internal.os;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jmultiprocessing.internal.ffi.Binding;

/** An int in shared memory that is waited for: whoever changes what its waiters wait for counts it up and wakes them. Keeps its mapping alive. */
public final class SharedWord {
    private final ByteBuffer memory;
    private final int offset;
    private final long address;

    /**
     * @param memory a direct buffer of the mapping
     * @param offset of the word in it, a multiple of 4
     * @param address of the word in this process
     */
    public SharedWord(ByteBuffer memory, int offset, long address) {
        this.memory = memory;
        this.offset = offset;
        this.address = address;
    }

    /** @return the value, as by a volatile read */
    public int get() {
        return Words.getIntVolatile(memory, offset);
    }

    /**
     * Counts the word up and wakes waiters; those who are about to wait notice the count.
     *
     * @param count wakes at most so many of those who wait already
     */
    public void countUpAndWake(int count) {
        Words.addInt(memory, offset, 1);
        OsErrors.check("futex", "a word of shared memory", Binding.posix().wakeWord(address, count));
        Reference.reachabilityFence(memory);
    }

    /** As {@code futex(2)}: returns 0 after a wake-up, without reason, or when the value is another; 1 after the time. */
    int block(int expected, long nanos) {
        int result = OsErrors.check("futex", "a word of shared memory", Binding.posix().waitWord(address, expected, nanos));
        Reference.reachabilityFence(memory);
        return result;
    }

    /** Whether both are the same word, by its address. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SharedWord && ((SharedWord) other).address == address;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(address);
    }
}
