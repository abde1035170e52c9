package org.jmultiprocessing.internal.arena;

/**
 * The instants between two stores into shared memory at which a SIGKILL has to be survived. Names are those of the model
 * ({@code src/test/promela}), which has a process die at each of them; the crash tests do so with the code.
 *
 * <p>With the system property {@value #PROPERTY} {@code =NAME[:n]} a process kills itself when it comes to that step for the n-th time; without it
 * a step costs nothing, as the compiler sees that {@link #ARMED} is false.
 */
public enum Step {
    /** A line's lock has been taken. */
    LOCK_TAKEN,
    /** The lock of a member that is gone has been taken. */
    LOCK_RECOVERED,
    /** A lock has been given back, those who wait for it have not been woken. */
    LOCK_FREED,
    /** This thread counts as waiting and has not looked at what it waits for. */
    WAIT_ENTERED,
    /** The condition was looked at again; what follows is the kernel's wait. */
    WAIT_CHECKED,
    /** Back from the kernel, woken or not, still counted. */
    WAIT_WOKEN,
    /** What somebody waits for has changed, nobody is woken yet. */
    SIGNAL_PENDING,
    /** A message's bytes are in the ring, not published. */
    PUT_WRITTEN,
    /** The message is published, consumers are not woken. */
    PUT_PUBLISHED,
    /** A message was copied out of the ring, it is still in the queue. */
    GET_COPIED,
    /** The message was taken off the queue, producers are not woken. */
    GET_PUBLISHED,
    /** A record says that a ring has ended, the tail does not yet lead to the next. */
    RING_STARTED,
    /** The head is beyond the end of a ring, whose file is still there. */
    RING_LEFT,
    /** A large message is in its file, there is no record of it. */
    BLOB_WRITTEN,
    /** The file of a large message has no name any more, its record is still in the queue. */
    BLOB_OPENED,
    /** A holder's entry has been claimed for this process, its count is 0. */
    HOLDER_CLAIMED,
    /** A holder's count was changed: the permit is taken or given back. */
    HOLDER_COUNTED,
    /** A condition's waiter is registered, its lock not yet given back. */
    CONDITION_REGISTERED,
    /** A condition's waiter is no longer registered, its notification not yet used up. */
    CONDITION_LEFT,
    /** The last party of a barrier has begun the next generation, the others are not woken. */
    BARRIER_TRIPPED;

    /** System property that names the step at which this process kills itself, for tests. */
    public static final String PROPERTY = "jmultiprocessing.crash";

    private static final String PLAN = System.getProperty(PROPERTY, "");
    private static final boolean ARMED = !PLAN.isEmpty();

    /** Call it between the stores; ends the process if this is the step. */
    public void reached() {
        if (ARMED) {
            CrashPoint.reached(this, PLAN);
        }
    }
}
