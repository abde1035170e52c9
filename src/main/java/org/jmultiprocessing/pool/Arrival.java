package org.jmultiprocessing.pool;

/** An outcome that has come, still as bytes: decoding may run the user's code, and is left to who needs the outcome. */
interface Arrival {
    /** Decodes; called once. Throws what the task threw. */
    Object open() throws Throwable;
}
