package org.jmultiprocessing.internal.ffi;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channel;

/**
 * The operations by JNA on the C library, for platforms without a library of ours. Slower, and without what only C can do: limits before exec, and
 * the descriptor of a channel. 64-bit Linux and macOS.
 */
final class JnaPosix implements Posix {
    private static final int ENTROPY_AT_ONCE = 256;

    private final boolean pidfd;
    private final int capabilities;
    private final JnaLibc.SharedMemory sharedMemory;

    /** @throws UnsatisfiedLinkError if this platform is none for which the numbers of {@link JnaConstants} hold, or its C library is too old */
    JnaPosix() {
        String platform = NativeLibraryFile.platform();
        if (Native.POINTER_SIZE != 8 || !platform.startsWith("linux-") && !platform.startsWith("darwin-") || platform.contains("mips")) {
            throw new UnsatisfiedLinkError("the JNA binding does not know the numbers of " + platform + ": use 64-bit Linux or macOS");
        }
        JnaSignals.keepChildStatus();
        pidfd = JnaChildren.hasPidfd();
        capabilities = (pidfd ? CAN_PIDFD : 0) | (JnaSignals.canNote() ? CAN_NOTE_SIGNALS : 0) | (JnaConstants.SYS_FUTEX == 0 ? 0 : CAN_FUTEX);
        // A library of its own until glibc 2.34.
        sharedMemory = Native.load(JnaLibc.optional("shm_open") == null ? "rt" : null, JnaLibc.SharedMemory.class);
    }

    @Override
    public String binding() {
        return "jna";
    }

    @Override
    public int capabilities() {
        return capabilities;
    }

    @Override
    public String errnoName(int errno) {
        return JnaConstants.errnoName(errno);
    }

    @Override
    public String errnoText(int errno) {
        return JnaLibc.strerror(errno);
    }

    @Override
    public String signalName(int signal) {
        return JnaConstants.signalName(signal);
    }

    @Override
    public int pid() {
        return JnaLibc.getpid();
    }

    @Override
    public int parentPid() {
        return JnaLibc.getppid();
    }

    @Override
    public int uid() {
        return JnaLibc.geteuid();
    }

    @Override
    public long startTime(int pid) {
        return JnaDescriptors.startTime(pid);
    }

    @Override
    public int random(byte[] out) {
        for (int at = 0; at < out.length; at += ENTROPY_AT_ONCE) {
            byte[] part = new byte[Math.min(ENTROPY_AT_ONCE, out.length - at)];
            int result;
            do {
                result = JnaLibc.checked(JnaLibc.getentropy(part, part.length));
            } while (result == -JnaConstants.EINTR);
            if (result < 0) {
                return result;
            }
            System.arraycopy(part, 0, out, at, part.length);
        }
        return 0;
    }

    @Override
    public int close(int fd) {
        int result = JnaLibc.checked(JnaLibc.close(fd));
        // The descriptor is gone even so, on all platforms that we know.
        return result == -JnaConstants.EINTR ? 0 : result;
    }

    @Override
    public int duplicate(int fd) {
        return JnaDescriptors.duplicate(fd, 3);
    }

    @Override
    public int pipe(int[] fds, int nonBlocking) {
        return JnaDescriptors.pipe(fds, nonBlocking);
    }

    @Override
    public int socketPair(int[] fds) {
        return JnaSockets.pair(fds);
    }

    @Override
    public int pipeCapacity(int fd, int bytes) {
        return JnaDescriptors.pipeCapacity(fd, bytes);
    }

    @Override
    public int setNonBlocking(int fd, boolean nonBlocking) {
        return JnaDescriptors.setNonBlocking(fd, nonBlocking);
    }

    @Override
    public int openFile(byte[] path, int mode) {
        return JnaDescriptors.openFile(path, mode);
    }

    @Override
    public int lockFile(int fd, boolean exclusive, boolean block) {
        return JnaDescriptors.lockFile(fd, exclusive, block);
    }

    @Override
    public long fileId(int fd) {
        return JnaDescriptors.fileId(fd);
    }

    @Override
    public int symbolicLink(byte[] text, byte[] path) {
        return JnaLibc.checked(JnaLibc.symlink(text, path));
    }

    @Override
    public int removeFile(byte[] path) {
        return JnaLibc.checked(JnaLibc.unlink(path));
    }

    @Override
    public int anonymousFile() {
        return JnaDescriptors.anonymousFile();
    }

    @Override
    public int read(int fd, byte[] buffer, int offset, int length, long spinNanos) {
        try (JnaBuffer copy = JnaBuffer.take()) {
            int count = JnaDescriptors.read(fd, copy.address, Math.min(length, JnaBuffer.DATA), spinNanos);
            if (count > 0) {
                copy.memory.read(0, buffer, offset, count);
            }
            return count;
        }
    }

    @Override
    public int write(int fd, byte[] buffer, int offset, int length) {
        try (JnaBuffer copy = JnaBuffer.take()) {
            int count = Math.min(length, JnaBuffer.DATA);
            copy.memory.write(0, buffer, offset, count);
            return JnaDescriptors.write(fd, copy.address, count);
        }
    }

    @Override
    public long readTo(int fd, long address, long length) {
        return JnaDescriptors.readTo(fd, address, length, 0);
    }

    @Override
    public long writeFrom(int fd, long address, long length) {
        return JnaDescriptors.writeFrom(fd, address, length);
    }

    @Override
    public int await(int fd, int events, int wakeFd, long timeoutNanos) {
        return JnaWaits.await(fd, events, wakeFd, timeoutNanos);
    }

    @Override
    public int poll(int[] fds, int[] events, int count, long timeoutNanos) {
        return JnaWaits.poll(fds, events, count, timeoutNanos);
    }

    @Override
    public int wakeCreate(int[] fds) {
        return JnaWaits.wakeCreate(fds);
    }

    @Override
    public int wakeSignal(int signalFd) {
        return JnaWaits.wakeSignal(signalFd);
    }

    @Override
    public int wakeClear(int waitFd) {
        return JnaWaits.wakeClear(waitFd);
    }

    @Override
    public int watchCreate() {
        return JnaWatch.create();
    }

    @Override
    public int watchAdd(int watch, int fd, int events) {
        return JnaWatch.add(watch, fd, events);
    }

    @Override
    public int watchRemove(int watch, int fd) {
        return JnaWatch.remove(watch, fd);
    }

    @Override
    public int watchWait(int watch, int[] fds, int[] events, long timeoutNanos) {
        return JnaWatch.await(watch, fds, events, timeoutNanos);
    }

    @Override
    public int sendDescriptors(int fd, byte[] buffer, int offset, int length, int[] fds, int count) {
        return JnaSockets.send(fd, buffer, offset, length, fds, count);
    }

    @Override
    public int receiveDescriptors(int fd, byte[] buffer, int offset, int length, int[] fds, long spinNanos) {
        return JnaSockets.receive(fd, buffer, offset, length, fds, spinNanos);
    }

    @Override
    public int unixListen(byte[] path, int backlog) {
        return JnaSockets.unixListen(path, backlog);
    }

    @Override
    public int unixConnect(byte[] path) {
        return JnaSockets.unixConnect(path);
    }

    @Override
    public int tcpListen(byte[] address, int scope, int port, int backlog) {
        return JnaSockets.tcpListen(address, scope, port, backlog);
    }

    @Override
    public int tcpConnect(byte[] address, int scope, int port) {
        return JnaSockets.tcpConnect(address, scope, port);
    }

    @Override
    public int socketError(int fd) {
        return JnaSockets.socketError(fd);
    }

    @Override
    public int accept(int fd) {
        return JnaSockets.accept(fd);
    }

    @Override
    public int socketAddress(int fd, boolean peer, byte[] address, int[] port) {
        return JnaSockets.address(fd, peer, address, port);
    }

    @Override
    public int peerUid(int fd) {
        return JnaSockets.peerUid(fd);
    }

    @Override
    public int spawn(byte[] path, byte[] arguments, int argumentCount, byte[] environment, int environmentCount, byte[] directory, int[] fds,
            int[] options, int[] result) {
        if (options != null && options.length > 0) {
            result[0] = -1;
            result[1] = -1;
            result[2] = JnaSpawn.PREPARE;
            return -JnaConstants.ENOTSUP;
        }
        try (JnaSpawn spawn = new JnaSpawn()) {
            return spawn.spawn(path, new JnaSpawn.Strings(arguments, argumentCount), new JnaSpawn.Strings(environment, environmentCount), directory,
                    fds, pidfd, result);
        }
    }

    @Override
    public int reap(int pid, boolean block, int[] status) {
        return JnaChildren.reap(pid, block, status);
    }

    @Override
    public int kill(int pid, int pidfd, String signal) {
        return JnaChildren.kill(pid, pidfd, signal);
    }

    @Override
    public int noteSignals(int fd) {
        return JnaSignals.note(fd);
    }

    @Override
    public void exitNow(int code) {
        JnaLibc._exit(code);
    }

    @Override
    public int exitAfterHooks(int code) {
        return -JnaConstants.ENOTSUP;
    }

    @Override
    public int pageSize() {
        return JnaLibc.getpagesize();
    }

    @Override
    public int sharedCreate(byte[] name) {
        return openShared(name, JnaConstants.O_CREAT | JnaConstants.O_EXCL | JnaConstants.O_RDWR);
    }

    @Override
    public int sharedOpen(byte[] name) {
        return openShared(name, JnaConstants.O_RDWR);
    }

    private int openShared(byte[] name, int flags) {
        int fd;
        do {
            fd = JnaLibc.checked(sharedMemory.shm_open(name, flags, 0600));
        } while (fd == -JnaConstants.EINTR);
        return fd;
    }

    @Override
    public int sharedUnlink(byte[] name) {
        return JnaLibc.checked(sharedMemory.shm_unlink(name));
    }

    @Override
    public long fileSize(int fd) {
        return JnaDescriptors.fileSize(fd);
    }

    @Override
    public int resize(int fd, long bytes, boolean reserve) {
        return JnaDescriptors.resize(fd, bytes, reserve);
    }

    @Override
    public long map(int fd, long offset, long length, boolean writable) {
        int protection = JnaConstants.PROT_READ | (writable ? JnaConstants.PROT_WRITE : 0);
        long address = JnaLibc.mmap(0, length, protection, JnaConstants.MAP_SHARED, fd, offset);
        return address == -1 ? JnaLibc.error() : address;
    }

    @Override
    public int unmap(long address, long length) {
        return JnaLibc.checked(JnaLibc.munmap(address, length));
    }

    @Override
    public ByteBuffer buffer(long address, int length) {
        return new Pointer(address).getByteBuffer(0, length).order(ByteOrder.BIG_ENDIAN);
    }

    @Override
    public int waitWord(long address, int expected, long timeoutNanos) {
        return JnaWaits.waitWord(address, expected, timeoutNanos);
    }

    @Override
    public int wakeWord(long address, int count) {
        return JnaWaits.wakeWord(address, count);
    }

    @Override
    public int descriptorOf(Channel channel) {
        return -JnaConstants.ENOTSUP;
    }

    @Override
    public long findMethod(Class<?> type, boolean isStatic, String name, String signature) {
        return 0;
    }

    @Override
    public Object callMethod(Class<?> type, long method, Object receiver, byte[] letters, Object[] objects, long[] numbers) {
        throw new UnsupportedOperationException("the JNA binding finds no methods, so there is none to call");
    }
}
