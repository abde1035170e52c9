package org.jmultiprocessing.internal.ffi;

import java.nio.ByteBuffer;
import java.nio.channels.Channel;

/**
 * The operations by our C library, whose {@code JNI_OnLoad} registers the methods of this class from a table. Loading a library does nothing but
 * {@code System.load} and one comparison, because every child does it on its way to its first line.
 */
public final class NativePosix implements Posix, ForkPosix {
    /** The version of the table that this class was compiled against; {@code JMP_ABI_VERSION} in {@code jmp.h}. */
    static final int ABI_VERSION = 1;

    private final String path;

    private NativePosix(String path) {
        this.path = path;
    }

    /**
     * Loads a library, from this class so that {@code JNI_OnLoad} finds it in the right class loader.
     *
     * @param path the library's absolute path
     * @return its operations
     * @throws UnsatisfiedLinkError if the system cannot load it, or it was built for another version of this class
     */
    static NativePosix load(String path) {
        System.load(path);
        int version = abiVersion();
        if (version != ABI_VERSION) {
            throw new UnsatisfiedLinkError("the library " + path + " has ABI version " + version + ", these classes need " + ABI_VERSION
                    + ": it belongs to another version of jmultiprocessing; remove it, or unset -D" + Binding.LIBRARY_PROPERTY);
        }
        return new NativePosix(path);
    }

    private static native int abiVersion();

    /** The file that {@link #load} was given. */
    String path() {
        return path;
    }

    @Override
    public String binding() {
        return "jni";
    }

    @Override
    public native int capabilities();

    @Override
    public native String errnoName(int errno);

    @Override
    public native String errnoText(int errno);

    @Override
    public native String signalName(int signal);

    @Override
    public native int pid();

    @Override
    public native int parentPid();

    @Override
    public native int uid();

    @Override
    public native long startTime(int pid);

    @Override
    public native int random(byte[] out);

    @Override
    public native int close(int fd);

    @Override
    public native int duplicate(int fd);

    @Override
    public native int pipe(int[] fds, int nonBlocking);

    @Override
    public native int socketPair(int[] fds);

    @Override
    public native int pipeCapacity(int fd, int bytes);

    @Override
    public native int setNonBlocking(int fd, boolean nonBlocking);

    @Override
    public native int openFile(byte[] path, int mode);

    @Override
    public native int lockFile(int fd, boolean exclusive, boolean block);

    @Override
    public native long fileId(int fd);

    @Override
    public native int symbolicLink(byte[] text, byte[] path);

    @Override
    public native int removeFile(byte[] path);

    @Override
    public native int anonymousFile();

    @Override
    public native int read(int fd, byte[] buffer, int offset, int length, long spinNanos);

    @Override
    public native int write(int fd, byte[] buffer, int offset, int length);

    @Override
    public native long readTo(int fd, long address, long length);

    @Override
    public native long writeFrom(int fd, long address, long length);

    @Override
    public native int await(int fd, int events, int wakeFd, long timeoutNanos);

    @Override
    public native int poll(int[] fds, int[] events, int count, long timeoutNanos);

    @Override
    public native int wakeCreate(int[] fds);

    @Override
    public native int wakeSignal(int signalFd);

    @Override
    public native int wakeClear(int waitFd);

    @Override
    public native int watchCreate();

    @Override
    public native int watchAdd(int watch, int fd, int events);

    @Override
    public native int watchRemove(int watch, int fd);

    @Override
    public native int watchWait(int watch, int[] fds, int[] events, long timeoutNanos);

    @Override
    public native int sendDescriptors(int fd, byte[] buffer, int offset, int length, int[] fds, int count);

    @Override
    public native int receiveDescriptors(int fd, byte[] buffer, int offset, int length, int[] fds, long spinNanos);

    @Override
    public native int unixListen(byte[] path, int backlog);

    @Override
    public native int unixConnect(byte[] path);

    @Override
    public native int tcpListen(byte[] address, int scope, int port, int backlog);

    @Override
    public native int tcpConnect(byte[] address, int scope, int port);

    @Override
    public native int socketError(int fd);

    @Override
    public native int accept(int fd);

    @Override
    public native int socketAddress(int fd, boolean peer, byte[] address, int[] port);

    @Override
    public native int peerUid(int fd);

    @Override
    public native int spawn(byte[] path, byte[] arguments, int argumentCount, byte[] environment, int environmentCount, byte[] directory, int[] fds,
            int[] options, int[] result);

    @Override
    public native int reap(int pid, boolean block, int[] status);

    @Override
    public native int kill(int pid, int pidfd, String signal);

    @Override
    public native int noteSignals(int fd);

    @Override
    public native void exitNow(int code);

    @Override
    public native int exitAfterHooks(int code);

    @Override
    public native int forkCheck();

    @Override
    public native int forkFail(int step, int error);

    @Override
    public native int fork(int flags, int[] stdio, byte[] environment, int environmentCount, byte[] directory, int[] options, int reportFd,
            int[] result);

    @Override
    public native int forkSettle(int[] stdio, byte[] environment, int environmentCount, byte[] directory, int[] options, int reportFd);

    @Override
    public native int pidfdOpen(int pid);

    @Override
    public native int ignoreInterrupt(boolean heirs);

    @Override
    public native int isHeapShared();

    @Override
    public native long fieldOf(Class<?> type, boolean isStatic, String name, String signature);

    @Override
    public native Object getObject(Class<?> type, long field, Object receiver);

    @Override
    public native void setObject(Class<?> type, long field, Object receiver, Object value);

    @Override
    public native void setNumber(Class<?> type, long field, Object receiver, boolean isLong, long value);

    @Override
    public native int pageSize();

    @Override
    public native int sharedCreate(byte[] name);

    @Override
    public native int sharedOpen(byte[] name);

    @Override
    public native int sharedUnlink(byte[] name);

    @Override
    public native long fileSize(int fd);

    @Override
    public native int resize(int fd, long bytes, boolean reserve);

    @Override
    public native long map(int fd, long offset, long length, boolean writable);

    @Override
    public native int unmap(long address, long length);

    @Override
    public native ByteBuffer buffer(long address, int length);

    @Override
    public native int waitWord(long address, int expected, long timeoutNanos);

    @Override
    public native int wakeWord(long address, int count);

    @Override
    public native int descriptorOf(Channel channel);

    @Override
    public native long findMethod(Class<?> type, boolean isStatic, String name, String signature);

    @Override
    public native Object callMethod(Class<?> type, long method, Object receiver, byte[] letters, Object[] objects, long[] numbers) throws Exception;

    @Override
    public native int suspensionCheck();

    @Override
    public native int suspendApplications(Thread[] threads);

    @Override
    public native int resumeApplications(Thread[] threads);

    @Override
    public native int resumeThread(Thread thread);

    @Override
    public native int suspendThread(Thread thread);

    @Override
    public native int forkApplications(Thread[] threads);

    @Override
    public native int settleApplications(Thread[] threads);
}
