package org.jmultiprocessing.process;

import java.util.Locale;

/** What {@code setrlimit(2)} can bound in a child. */
public enum ResourceLimit {
    /** Address space, bytes. A JVM reserves far more than it uses; it needs some GiB to start. */
    AS,
    /** Core file, bytes. */
    CORE,
    /** CPU time, seconds; SIGXCPU ends the process. */
    CPU,
    /** Data segment, bytes. */
    DATA,
    /** Size of a file written, bytes. */
    FSIZE,
    /** Locked memory, bytes. */
    MEMLOCK,
    /** Highest descriptor number, plus one. */
    NOFILE,
    /** Processes and threads of the user. */
    NPROC,
    /** Resident memory, bytes; Linux ignores it. */
    RSS,
    /** Stack of the main thread, bytes. */
    STACK;

    String systemName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
