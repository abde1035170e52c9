package org.jmultiprocessing.internal.os;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.Channel;
import java.util.Arrays;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.Posix;

/** Makes pipes and sockets, all of them non-blocking and close-on-exec, and asks them who they are. Thread-safe. */
public final class Sockets {
    /** The longest path of a Unix socket in bytes, on every platform. */
    public static final int MAX_PATH = 103;

    private static final int READER_AND_WRITER = 3;

    private Sockets() { }

    /**
     * @param name for error texts
     * @return the reading end and the writing end of a POSIX pipe
     * @throws OsException if the system has no more
     */
    public static Fd[] pipe(String name) {
        int[] fds = new int[2];
        OsErrors.check("pipe", "", Binding.posix().pipe(fds, READER_AND_WRITER));
        return new Fd[] {Fd.owning(fds[0], name), Fd.owning(fds[1], name)};
    }

    /**
     * @param name for error texts
     * @return both ends of a connected pair of Unix sockets
     * @throws OsException if the system has no more
     */
    public static Fd[] pair(String name) {
        int[] fds = new int[2];
        OsErrors.check("socketpair", "", Binding.posix().socketPair(fds));
        return new Fd[] {Fd.owning(fds[0], name), Fd.owning(fds[1], name)};
    }

    /**
     * @param path where; must not exist. Only this user can connect
     * @param backlog how many may wait to be accepted
     * @return a listening Unix socket
     * @throws OsException if the path is too long, exists or cannot be made
     */
    public static Fd listenUnix(String path, int backlog) {
        byte[] bytes = unixPath(path);
        return Fd.owning(OsErrors.check("listen at", path, Binding.posix().unixListen(bytes, backlog)), "listener " + path);
    }

    /**
     * @param path of a listening Unix socket
     * @return a connected socket, or null if the listener's backlog is full just now
     * @throws OsException if nobody listens there
     */
    public static Fd connectUnix(String path) {
        int result = Binding.posix().unixConnect(unixPath(path));
        if (result == Posix.WOULD_BLOCK) {
            return null;
        }
        return Fd.owning(OsErrors.check("connect to", path, result), "connection to " + path);
    }

    private static byte[] unixPath(String path) {
        byte[] bytes = CStrings.of(path);
        if (bytes.length == 1) {
            throw new IllegalArgumentException("the path of a Unix socket is empty: use a listener without an address for a temporary one");
        }
        if (bytes.length - 1 > MAX_PATH) {
            throw new OsException("bind or connect", path, "ENAMETOOLONG", "the path of a Unix socket has at most " + MAX_PATH + " bytes, this one "
                    + (bytes.length - 1) + ": use a shorter folder (for temporary sockets -Djava.io.tmpdir)");
        }
        return bytes;
    }

    /**
     * @param address a resolved address; port 0 for any
     * @param backlog how many may wait to be accepted
     * @return a listening TCP socket
     * @throws OsException if the address is in use, not ours or not resolved
     */
    public static Fd listenTcp(InetSocketAddress address, int backlog) {
        InetAddress host = resolved(address);
        int raw = Binding.posix().tcpListen(host.getAddress(), scope(host), address.getPort(), backlog);
        return Fd.owning(OsErrors.check("listen at", address.toString(), raw), "listener " + address);
    }

    /**
     * Connects to a TCP listener. Blocks.
     *
     * @param address a resolved address
     * @param deadline how long
     * @return a connected socket, or null if the time is over
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws OsException if nobody listens there
     */
    public static Fd connectTcp(InetSocketAddress address, Deadline deadline) throws InterruptedException {
        InetAddress host = resolved(address);
        int raw = OsErrors.check("connect to", address.toString(), Binding.posix().tcpConnect(host.getAddress(), scope(host), address.getPort()));
        Fd fd = Fd.owning(raw, "connection to " + address);
        boolean connected = false;
        try {
            connected = fd.await(Fd.WRITABLE, deadline);
            if (connected) {
                OsErrors.check("connect to", address.toString(), Binding.posix().socketError(raw));
            }
            return connected ? fd : null;
        } catch (OsException e) {
            connected = false;
            throw e;
        } finally {
            if (!connected) {
                fd.close();
            }
        }
    }

    private static InetAddress resolved(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new OsException("resolve", address.getHostString(), "", "unknown host");
        }
        return address.getAddress();
    }

    private static int scope(InetAddress host) {
        return host instanceof Inet6Address ipv6 ? ipv6.getScopeId() : 0;
    }

    /**
     * @param listener a listening socket
     * @param name for error texts about the connection
     * @return the next client's connection, or null if there is none just now
     * @throws OsException if the listener is closed or the process has no more descriptors
     */
    public static Fd accept(Fd listener, String name) {
        int raw = listener.acquire();
        try {
            int result = Binding.posix().accept(raw);
            if (result == Posix.WOULD_BLOCK || OsErrors.is(result, "ECONNABORTED")) {
                return null;
            }
            return Fd.owning(OsErrors.check("accept", listener.toString(), result), name);
        } finally {
            listener.release();
        }
    }

    /** What a descriptor is, as far as connections are concerned. */
    public enum Kind {
        /** No socket: a pipe. */
        PIPE,
        /** A Unix socket, which can carry descriptors. */
        UNIX,
        /** An internet socket. */
        TCP
    }

    /**
     * @param descriptor an open descriptor
     * @return what it is
     */
    public static Kind kind(int descriptor) {
        int length = Binding.posix().socketAddress(descriptor, false, new byte[16], new int[2]);
        return length < 0 ? Kind.PIPE : length == 0 ? Kind.UNIX : Kind.TCP;
    }

    /**
     * @param fd an internet socket
     * @param peer the other end's address instead of this one's
     * @return it, or null for a Unix socket
     * @throws OsException if it is closed or no longer connected
     */
    public static InetSocketAddress address(Fd fd, boolean peer) {
        byte[] host = new byte[16];
        int[] port = new int[2];
        int raw = fd.acquire();
        int length;
        try {
            length = OsErrors.check(peer ? "getpeername" : "getsockname", fd.toString(), Binding.posix().socketAddress(raw, peer, host, port));
        } finally {
            fd.release();
        }
        if (length == 0) {
            return null;
        }
        byte[] bytes = Arrays.copyOf(host, length);
        try {
            InetAddress address = port[1] != 0 ? Inet6Address.getByAddress(null, bytes, port[1]) : InetAddress.getByAddress(bytes);
            return new InetSocketAddress(address, port[0]);
        } catch (UnknownHostException e) {
            throw new OsException("getsockname", fd.toString(), "", "the system gave an address of " + length + " bytes");
        }
    }

    /**
     * @param fd a connected Unix socket
     * @return the user id of the process at the other end
     * @throws OsException if it is closed
     */
    public static int peerUid(Fd fd) {
        int raw = fd.acquire();
        try {
            return OsErrors.check("getpeereid", fd.toString(), Binding.posix().peerUid(raw));
        } finally {
            fd.release();
        }
    }

    /** @return the effective user id of this process */
    public static int uid() {
        return Binding.posix().uid();
    }

    /**
     * @param channel a selectable channel of the JDK
     * @return its descriptor, still the channel's
     * @throws OsException if it has none that can be found
     */
    public static int descriptorOf(Channel channel) {
        int result = Binding.posix().descriptorOf(channel);
        if (OsErrors.is(result, "ENOTSUP") || OsErrors.is(result, "EOPNOTSUPP")) {
            throw new OsException("wait for", channel.toString(), "ENOTSUP",
                    "its descriptor cannot be found: use a channel of the JDK's own provider, and the jni binding (doctor says which one serves)");
        }
        return OsErrors.check("find the descriptor of", channel.toString(), result);
    }
}
