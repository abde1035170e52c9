package org.jmultiprocessing.internal.ffi;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Sockets: making, connecting, addresses, and descriptors as cargo. */
final class JnaSockets {
    private static final int ADDRESS_ROOM = 128;
    private static final int IN_SIZE = 16;
    private static final int IN6_SIZE = 28;

    /** Struct msghdr, one iovec, and the room for control messages, in a {@link JnaBuffer} behind the data. */
    private static final int MESSAGE = JnaBuffer.EXTRA;
    private static final int MESSAGE_SIZE = 56;
    private static final int VECTOR = MESSAGE + 64;
    private static final int CONTROL = MESSAGE + 128;
    private static final int MESSAGE_VECTOR = 16;
    private static final int MESSAGE_VECTOR_COUNT = 24;
    private static final int MESSAGE_CONTROL = 32;
    private static final int MESSAGE_CONTROL_LENGTH = 40;

    /** Struct cmsghdr: a length (size_t on Linux, 32 bits on macOS), level, type, data; aligned to its first field. */
    private static final int CMSG_LEVEL = JnaConstants.MAC ? 4 : 8;
    private static final int CMSG_TYPE = CMSG_LEVEL + 4;
    private static final int CMSG_DATA = CMSG_LEVEL + 8;
    private static final int CMSG_ALIGN = CMSG_LEVEL;
    private static final int MOST_DESCRIPTORS = 253;

    private JnaSockets() {
    }

    static int pair(int[] fds) {
        int result = JnaLibc.checked(JnaLibc.socketpair(JnaConstants.AF_UNIX, JnaConstants.SOCK_STREAM | JnaConstants.SOCK_FLAGS, 0, fds));
        for (int end = 0; end < 2 && result >= 0; end++) {
            result = settle(fds[end]);
            if (result < 0) {
                JnaDescriptors.closing(result, fds);
            }
        }
        return result;
    }

    private static int create(int domain) {
        int fd = JnaLibc.checked(JnaLibc.socket(domain, JnaConstants.SOCK_STREAM | JnaConstants.SOCK_FLAGS, 0));
        int result = fd < 0 ? fd : settle(fd);
        return fd >= 0 && result < 0 ? JnaDescriptors.closing(result, fd) : fd;
    }

    /** Close-on-exec and non-blocking, where {@link JnaConstants#SOCK_FLAGS} could not say so. */
    private static int settle(int fd) {
        if (!JnaConstants.MAC) {
            return 0;
        }
        int result = JnaDescriptors.closeOnExec(fd);
        return result < 0 ? result : JnaDescriptors.setNonBlocking(fd, true);
    }

    static int send(int fd, byte[] bytes, int offset, int length, int[] fds, int count) {
        if (count > MOST_DESCRIPTORS || length < 1) {
            return -JnaConstants.EINVAL;
        }
        try (JnaBuffer buffer = JnaBuffer.take()) {
            int part = Math.min(length, JnaBuffer.DATA);
            buffer.memory.write(0, bytes, offset, part);
            int used = CMSG_DATA + count * Integer.BYTES;
            message(buffer, part, count == 0 ? 0 : aligned(used));
            if (count > 0) {
                controlHeader(buffer.memory, used);
                buffer.memory.write(CONTROL + CMSG_DATA, fds, 0, count);
            }
            long sent;
            do {
                sent = JnaDescriptors.moved(JnaLibc.sendmsg(fd, buffer.address + MESSAGE, JnaConstants.MSG_NOSIGNAL), 0, 0);
            } while (sent == JnaDescriptors.AGAIN);
            return (int) sent;
        }
    }

    static int receive(int fd, byte[] bytes, int offset, int length, int[] fds, long spinNanos) {
        long start = spinNanos > 0 ? System.nanoTime() : 0;
        fds[0] = 0;
        try (JnaBuffer buffer = JnaBuffer.take()) {
            int part = Math.min(length, JnaBuffer.DATA);
            long count;
            do {
                message(buffer, part, aligned(CMSG_DATA + MOST_DESCRIPTORS * Integer.BYTES));
                count = JnaDescriptors.moved(JnaLibc.recvmsg(fd, buffer.address + MESSAGE, JnaConstants.MSG_CMSG_CLOEXEC), start, spinNanos);
            } while (count == JnaDescriptors.AGAIN);
            if (count >= 0) {
                unpack(buffer.memory, fds);
                buffer.memory.read(0, bytes, offset, (int) count);
            }
            return (int) count;
        }
    }

    private static void message(JnaBuffer buffer, int length, int controlLength) {
        Memory memory = buffer.memory;
        memory.setMemory(MESSAGE, MESSAGE_SIZE, (byte) 0);
        memory.setLong(VECTOR, buffer.address);
        memory.setLong(VECTOR + 8, length);
        memory.setLong(MESSAGE + MESSAGE_VECTOR, buffer.address + VECTOR);
        memory.setInt(MESSAGE + MESSAGE_VECTOR_COUNT, 1);
        memory.setLong(MESSAGE + MESSAGE_CONTROL, controlLength == 0 ? 0 : buffer.address + CONTROL);
        memory.setInt(MESSAGE + MESSAGE_CONTROL_LENGTH, controlLength);
    }

    private static int aligned(int length) {
        return (length + CMSG_ALIGN - 1) / CMSG_ALIGN * CMSG_ALIGN;
    }

    private static void controlHeader(Memory memory, int length) {
        memory.setMemory(CONTROL, aligned(length), (byte) 0);
        memory.setInt(CONTROL, length);
        memory.setInt(CONTROL + CMSG_LEVEL, JnaConstants.SOL_SOCKET);
        memory.setInt(CONTROL + CMSG_TYPE, JnaConstants.SCM_RIGHTS);
    }

    /** Gives the descriptors that came to the caller; those without room are closed. */
    private static void unpack(Memory memory, int[] fds) {
        int end = CONTROL + memory.getInt(MESSAGE + MESSAGE_CONTROL_LENGTH);
        int at = CONTROL;
        while (at + CMSG_DATA <= end) {
            int length = memory.getInt(at);
            boolean rights = memory.getInt(at + CMSG_LEVEL) == JnaConstants.SOL_SOCKET && memory.getInt(at + CMSG_TYPE) == JnaConstants.SCM_RIGHTS;
            for (int data = at + CMSG_DATA; rights && data + Integer.BYTES <= Math.min(at + length, end); data += Integer.BYTES) {
                keep(memory.getInt(data), fds);
            }
            at += Math.max(CMSG_DATA, aligned(length));
        }
    }

    private static void keep(int fd, int[] fds) {
        if (fds[0] + 1 >= fds.length) {
            JnaLibc.close(fd);
            return;
        }
        if (JnaConstants.MAC) {
            JnaDescriptors.closeOnExec(fd);
        }
        fds[++fds[0]] = fd;
    }

    static int unixListen(byte[] path, int backlog) {
        byte[] address = unixAddress(path);
        int fd = create(JnaConstants.AF_UNIX);
        if (fd < 0) {
            return fd;
        }
        int result = JnaLibc.checked(JnaLibc.bind(fd, address, address.length));
        if (result < 0) {
            return JnaDescriptors.closing(result, fd);
        }
        // Nobody connects before listen, so the mode is there in time.
        result = JnaLibc.checked(JnaLibc.chmod(path, 0600));
        if (result >= 0) {
            result = JnaLibc.checked(JnaLibc.listen(fd, backlog));
        }
        if (result < 0) {
            JnaLibc.unlink(path);
            return JnaDescriptors.closing(result, fd);
        }
        return fd;
    }

    static int unixConnect(byte[] path) {
        byte[] address = unixAddress(path);
        int fd = create(JnaConstants.AF_UNIX);
        if (fd < 0) {
            return fd;
        }
        int result = JnaLibc.checked(JnaLibc.connect(fd, address, address.length));
        if (result == -JnaConstants.EAGAIN) {
            result = Posix.WOULD_BLOCK;
        }
        return result < 0 ? JnaDescriptors.closing(result, fd) : fd;
    }

    static int tcpListen(byte[] address, int scope, int port, int backlog) {
        byte[] name = internetAddress(address, scope, port);
        int fd = name == null ? -JnaConstants.EAFNOSUPPORT : create(name.length == IN_SIZE ? JnaConstants.AF_INET : JnaConstants.AF_INET6);
        if (fd < 0) {
            return fd;
        }
        int result = JnaLibc.checked(JnaLibc.setsockopt(fd, JnaConstants.SOL_SOCKET, JnaConstants.SO_REUSEADDR, new int[] {1}, Integer.BYTES));
        if (result >= 0) {
            result = JnaLibc.checked(JnaLibc.bind(fd, name, name.length));
        }
        if (result >= 0) {
            result = JnaLibc.checked(JnaLibc.listen(fd, backlog));
        }
        return result < 0 ? JnaDescriptors.closing(result, fd) : fd;
    }

    static int tcpConnect(byte[] address, int scope, int port) {
        byte[] name = internetAddress(address, scope, port);
        int fd = name == null ? -JnaConstants.EAFNOSUPPORT : create(name.length == IN_SIZE ? JnaConstants.AF_INET : JnaConstants.AF_INET6);
        if (fd < 0) {
            return fd;
        }
        int result = noDelay(fd);
        if (result >= 0) {
            result = JnaLibc.checked(JnaLibc.connect(fd, name, name.length));
        }
        return result < 0 && result != -JnaConstants.EINPROGRESS ? JnaDescriptors.closing(result, fd) : fd;
    }

    private static int noDelay(int fd) {
        return JnaLibc.checked(JnaLibc.setsockopt(fd, JnaConstants.IPPROTO_TCP, JnaConstants.TCP_NODELAY, new int[] {1}, Integer.BYTES));
    }

    static int accept(int listener) {
        int fd;
        do {
            fd = JnaLibc.checked(JnaConstants.MAC ? JnaLibc.accept(listener, 0, 0) : JnaLinux.accept4(listener, 0, 0, JnaConstants.SOCK_FLAGS));
        } while (fd == -JnaConstants.EINTR || fd == -JnaConstants.ECONNABORTED);
        if (fd < 0) {
            return fd == -JnaConstants.EAGAIN ? Posix.WOULD_BLOCK : fd;
        }
        int result = settle(fd);
        if (result < 0) {
            return JnaDescriptors.closing(result, fd);
        }
        // Refused by a Unix socket, which sends at once anyway.
        noDelay(fd);
        return fd;
    }

    static int socketError(int fd) {
        int[] error = new int[1];
        int result = JnaLibc.checked(JnaLibc.getsockopt(fd, JnaConstants.SOL_SOCKET, JnaConstants.SO_ERROR, error, new int[] {Integer.BYTES}));
        return result < 0 ? result : -error[0];
    }

    static int address(int fd, boolean peer, byte[] address, int[] port) {
        byte[] name = new byte[ADDRESS_ROOM];
        int[] length = {name.length};
        int result = JnaLibc.checked(peer ? JnaLibc.getpeername(fd, name, length) : JnaLibc.getsockname(fd, name, length));
        if (result < 0) {
            return result;
        }
        ByteBuffer buffer = ByteBuffer.wrap(name);
        int family = JnaConstants.MAC ? buffer.get(1) : buffer.order(ByteOrder.nativeOrder()).getShort(0);
        port[0] = buffer.order(ByteOrder.BIG_ENDIAN).getShort(2) & 0xffff;
        port[1] = 0;
        if (family == JnaConstants.AF_INET) {
            System.arraycopy(name, 4, address, 0, 4);
            return 4;
        }
        if (family == JnaConstants.AF_INET6) {
            System.arraycopy(name, 8, address, 0, 16);
            port[1] = buffer.order(ByteOrder.nativeOrder()).getInt(24);
            return 16;
        }
        port[0] = 0;
        return 0;
    }

    static int peerUid(int fd) {
        if (JnaConstants.MAC) {
            Function peer = JnaLibc.optional("getpeereid");
            int[] uid = new int[1];
            return peer.invokeInt(new Object[] {fd, uid, new int[1]}) == 0 ? uid[0] : JnaLibc.error();
        }
        int[] credentials = new int[3];
        int result = JnaLibc.checked(JnaLibc.getsockopt(fd, JnaConstants.SOL_SOCKET, JnaConstants.SO_PEERCRED, credentials, new int[] {12}));
        return result < 0 ? result : credentials[1];
    }

    /** Struct sockaddr_un, no longer than the path with its NUL. */
    private static byte[] unixAddress(byte[] path) {
        byte[] address = family(JnaConstants.AF_UNIX, 2 + path.length);
        System.arraycopy(path, 0, address, 2, path.length);
        return address;
    }

    /** Struct sockaddr_in or sockaddr_in6; null for a length that no address has. */
    private static byte[] internetAddress(byte[] address, int scope, int port) {
        if (address.length != 4 && address.length != 16) {
            return null;
        }
        boolean four = address.length == 4;
        ByteBuffer name = ByteBuffer.wrap(family(four ? JnaConstants.AF_INET : JnaConstants.AF_INET6, four ? IN_SIZE : IN6_SIZE));
        name.putShort(2, (short) port);
        name.position(four ? 4 : 8);
        name.put(address);
        if (!four) {
            name.order(ByteOrder.nativeOrder()).putInt(24, scope);
        }
        return name.array();
    }

    /** An address with its first two bytes set: the family, on macOS after the length. */
    private static byte[] family(int family, int size) {
        ByteBuffer name = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
        if (JnaConstants.MAC) {
            name.put(0, (byte) size).put(1, (byte) family);
        } else {
            name.putShort(0, (short) family);
        }
        return name.array();
    }
}
