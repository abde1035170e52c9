package org.jmultiprocessing.internal.launch;

import org.jmultiprocessing.internal.os.Descriptors;

/**
 * Where a child finds the descriptors that {@link Launcher} numbers: a spawned child at these numbers, since they were put there for it; a forked one
 * at those that its fork server has received them at.
 */
final class ChildDescriptors {
    private final int[] received;

    /** @param received the actual numbers; null if they are the launcher's */
    ChildDescriptors(int[] received) {
        this.received = received;
    }

    /** @return its number in this process */
    int number(int index) {
        return received == null ? index : received[index];
    }

    /** @return a descriptor that no further program inherits, for the caller to close */
    int take(int index) {
        return received == null ? Descriptors.adopt(index) : received[index];
    }
}
