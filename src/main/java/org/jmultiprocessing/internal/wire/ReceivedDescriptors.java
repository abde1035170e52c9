package org.jmultiprocessing.internal.wire;

import java.util.Arrays;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.registry.Tree;

/** The descriptors that came with a message. What is taken belongs to the taker, the rest to the carrier, which closes it. Belongs to one thread. */
public final class ReceivedDescriptors {
    /** Stands where an index does, for a descriptor that waits with a tracker; the tree's id and the token follow. */
    static final long DEPOSITED = Integer.MAX_VALUE;

    private static final int TAKEN = -1;

    private final int[] descriptors;

    /** @param descriptors in the order in which they were added, not copied */
    public ReceivedDescriptors(int[] descriptors) {
        this.descriptors = descriptors;
    }

    /**
     * @param index as {@link DescriptorCarrier#add} returned it
     * @return the descriptor, which now belongs to the caller
     * @throws SerializationException if there is none of that index, or it has been taken already
     */
    public int take(int index) {
        if (index < 0 || index >= descriptors.length) {
            throw new SerializationException("the message refers to descriptor " + index + " but " + descriptors.length + " came with it");
        }
        int fd = descriptors[index];
        if (fd == TAKEN) {
            throw new SerializationException("the message refers to descriptor " + index + " twice");
        }
        descriptors[index] = TAKEN;
        return fd;
    }

    /** Takes a descriptor that {@link DescriptorCarrier#depositing} left with the tracker. */
    static int redeem(WireInput in) {
        String tree = in.readString();
        byte[] token = in.readBytes();
        if (!in.isFromOwnTree()) {
            throw new SerializationException("the message refers to a descriptor that was left with a tracker, which is for processes of one tree:"
                    + " send it over a Unix socket");
        }
        if (token.length != Tree.TOKEN_BYTES) {
            throw in.corrupt("a token has " + token.length + " bytes");
        }
        try {
            return Tree.of(tree).redeem(token);
        } catch (OsException | IllegalArgumentException e) {
            throw new SerializationException("the descriptor that the message refers to is not there any more: " + e.getMessage(), e);
        }
    }

    /** @return the descriptors that nobody has taken, which now belong to the caller */
    public int[] takeRest() {
        int[] rest = new int[descriptors.length];
        int count = 0;
        for (int fd : descriptors) {
            if (fd != TAKEN) {
                rest[count++] = fd;
            }
        }
        Arrays.fill(descriptors, TAKEN);
        return Arrays.copyOf(rest, count);
    }
}
