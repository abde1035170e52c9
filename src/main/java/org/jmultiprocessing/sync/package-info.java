/**
 * What processes and threads use to wait for each other: locks, semaphores, events, conditions, barriers, in shared memory and with the meaning of
 * Python's {@code multiprocessing}. Uses {@code internal.arena}, {@code internal.wire} and {@code internal.os}.
 *
 * <p>For all of them: they may be used by any number of processes and threads, and travel to another process as an argument, over a connection or
 * inside another value. Without contention no system call is made, and a thread that is blocked makes none until it is woken. A virtual thread parks.
 * They live as long as their process tree; what never left the process that made it is given back when it is unreachable.
 *
 * <p>Where Python knows nothing of a process that died, here the next who waits notices it, and is woken within a moment: see {@code OwnerDeath} and
 * each class. The end of a thread in a living process is not noticed.
 */
package org.jmultiprocessing.sync;
