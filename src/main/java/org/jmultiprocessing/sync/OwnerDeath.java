package org.jmultiprocessing.sync;

/**
 * What becomes of what a process holds when it dies: when it is killed, crashes, or ends by a signal. A process that exits normally is none that
 * died: as in Python, a lock that it holds then stays held, until somebody releases it.
 */
public enum OwnerDeath {
    /** It is taken back: the next who wants it gets it, as if it had been released. */
    RECOVER,
    /**
     * The next who wants it is told by an {@link org.jmultiprocessing.errors.OwnerDiedException}, and so is everybody until somebody calls
     * {@link Mutex#recover}: for locks that protect what a dead process may have left half done. Locks only.
     */
    THROW,
    /** It stays held, as in Python: for what one process acquires and another releases, so that the death of the first means nothing. */
    IGNORE
}
