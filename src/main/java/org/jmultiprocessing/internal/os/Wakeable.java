package org.jmultiprocessing.internal.os;

/** A thread that waits for a descriptor and can be told to look again. */
interface Wakeable {
    /** Makes the waiting thread look again; harmless when it no longer waits. */
    void wake();
}
