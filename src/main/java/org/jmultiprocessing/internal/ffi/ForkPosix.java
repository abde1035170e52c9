package org.jmultiprocessing.internal.ffi;

/**
 * The operations for forking a live JVM, which only our C library has ({@link Posix#CAN_FORK}): results and descriptors are as in {@link Posix}.
 * The field methods do not ask whether a field is private or final.
 */
public interface ForkPosix {
    /** Flag of {@link #fork}: the child is a child of this process's parent. */
    int SIBLING = 1;
    /** Flag of {@link #fork}: the child is given nothing yet, but by {@link #forkSettle}. */
    int SPARE = 2;
    /** Flag of {@link #fork}: after {@link #forkApplications}, threads that the JVM does not know are allowed; else they are EPERM. */
    int NATIVES = 4;

    /** @return 0 if this JVM can be forked; -errno, ENOTSUP if its C library or VM is not as expected */
    int forkCheck();

    /**
     * For tests: lets the next fork fail.
     *
     * @param step of {@code LiveFork.STEPS}
     * @param error a positive errno
     * @return 0
     */
    int forkFail(int step, int error);

    /**
     * Forks this JVM with all its threads. Blocks for about a millisecond, and so do all other threads.
     *
     * @param flags {@link #SIBLING}, {@link #SPARE} and {@link #NATIVES}, or some of them
     * @param stdio what becomes the child's descriptors 0 to 2, closed there if above; null for this process's
     * @param environment the child's environment as a block, as C code there sees it; null for this process's
     * @param environmentCount how many strings it holds
     * @param directory the child's directory, NUL-terminated; null for this process's
     * @param options limits, as for {@link Posix#spawn}; null for none
     * @param reportFd where the child writes 8 bytes if it cannot come into being
     * @param result receives pid, pidfd or -1, failed step, id of the thread that is to blame, microseconds of stand-still
     * @return the pid; 0 in the child; -errno, and there is no child
     */
    int fork(int flags, int[] stdio, byte[] environment, int environmentCount, byte[] directory, int[] options, int reportFd, int[] result);

    /** @return 0 if threads of this JVM can be suspended; -EPERM if a debugger or another agent has the right to */
    int suspensionCheck();

    /**
     * Suspends all threads but the calling one and the JDK's own, virtual ones too.
     *
     * @param threads receives the platform threads among them
     * @return how many these are; -errno, and all go on: E2BIG if there are more than the array has room for
     */
    int suspendApplications(Thread[] threads);

    /**
     * @param threads from {@link #suspendApplications}; all go on, the virtual ones too
     * @return 0
     */
    int resumeApplications(Thread[] threads);

    /**
     * @param thread a suspended one, which goes on
     * @return 0; -ESRCH if it is none
     */
    int resumeThread(Thread thread);

    /**
     * @param thread is suspended, but not settled
     * @return 0; -ESRCH if it has ended
     */
    int suspendThread(Thread thread);

    /**
     * Waits until suspended threads are at rest outside of the critical regions of JNI, and stay so; those that are not go on for that. No collection
     * begins while one is inside, and who needs memory waits for the collection. Allocates nothing.
     *
     * @param threads suspended ones, or nulls
     * @return 0; -ETIMEDOUT if one never is
     */
    int settleApplications(Thread[] threads);

    /**
     * Says which threads the next {@link #fork} takes for suspended ones of the application: in the child they touch nothing outside of it.
     *
     * @param threads these; null: what other threads do in the child is not the fork's matter
     * @return 0
     */
    int forkApplications(Thread[] threads);

    /**
     * In a spare child: takes what {@link #fork} could have given it, but for niceness and affinity. What fails there ends this process.
     *
     * @param stdio as for {@link #fork}
     * @param environment as for {@link #fork}
     * @param environmentCount as for {@link #fork}
     * @param directory as for {@link #fork}
     * @param options as for {@link #fork}
     * @param reportFd as for {@link #fork}
     * @return 0
     */
    int forkSettle(int[] stdio, byte[] environment, int environmentCount, byte[] directory, int[] options, int reportFd);

    /**
     * @param pid a child of this process that is not reaped yet
     * @return a pidfd for it
     */
    int pidfdOpen(int pid);

    /**
     * Ignores SIGINT in this process.
     *
     * @param heirs whether its forked children do so too; else they treat it as it was before
     * @return 0
     */
    int ignoreInterrupt(boolean heirs);

    /** @return 1 if children share this JVM's heap instead of getting a copy, else 0 */
    int isHeapShared();

    /**
     * @param type an initialized class
     * @param isStatic which kind of field
     * @param name its name
     * @param signature its type as in a class file
     * @return the field, for the methods below; 0 if there is none
     */
    long fieldOf(Class<?> type, boolean isStatic, String name, String signature);

    /**
     * @param type as for {@link #fieldOf}
     * @param field from there, of an object type
     * @param receiver whose field; null for a static one
     * @return its value
     */
    Object getObject(Class<?> type, long field, Object receiver);

    /**
     * @param type as for {@link #fieldOf}
     * @param field from there, of an object type
     * @param receiver whose field; null for a static one
     * @param value of the field's type
     */
    void setObject(Class<?> type, long field, Object receiver, Object value);

    /**
     * @param type as for {@link #fieldOf}
     * @param field from there, an int or a long
     * @param receiver whose field; null for a static one
     * @param isLong which of the two
     * @param value the value
     */
    void setNumber(Class<?> type, long field, Object receiver, boolean isLong, long value);
}
