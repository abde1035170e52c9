package org.jmultiprocessing.sharedmemory;

/** When a new shared memory gets its pages. */
public enum Reserve {
    /**
     * At creation. What does not fit, into {@code /dev/shm} or into the process's memory cgroup, is an
     * {@link org.jmultiprocessing.errors.OsException} there, and touching a page cannot fail later. The kernel fills the pages with zeros, which is
     * what such a creation costs.
     */
    PAGES,

    /**
     * Each page when it is touched first, as CPython does: creation takes no time, and a large segment of which little is used takes little memory.
     * Where a page does not fit when it is touched, the kernel sends SIGBUS, which ends the JVM or is thrown as an {@link InternalError}, or it kills
     * a process of the cgroup.
     */
    NONE
}
