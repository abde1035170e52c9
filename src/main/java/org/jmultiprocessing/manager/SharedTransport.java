package org.jmultiprocessing.manager;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Forking;
import org.jmultiprocessing.internal.os.Mapping;
import org.jmultiprocessing.internal.os.SharedWord;
import org.jmultiprocessing.internal.os.Spin;
import org.jmultiprocessing.internal.os.WordWait;
import org.jmultiprocessing.internal.os.Words;
import org.jmultiprocessing.internal.registry.Tree;

/**
 * Messages through memory that client and server share, one at a time in each direction as question and answer are, so that a call that is answered
 * at once makes no system call. A message too large for the memory goes through the socket, which stays.
 *
 * <pre>
 *   of each half, the first to the server, the second to the client
 *   0                          64                   68                         72             128
 *  +--------------------------+--------------------+--------------------------+--------------+-------------
 *  | length, written last;    | counted up to wake | 1: the reader is going   | 1: closed    | the message
 *  | negative: so much comes  | the reader, who    | to block and wants to be | (first half) |
 *  | by the socket; 0: taken  | blocks on it       | woken; reset by who does |              |
 *  +--------------------------+--------------------+--------------------------+--------------+-------------
 * </pre>
 *
 * <p>Either side may be killed at any instant: a message that it has not written wholly has no length. Who waits for it is woken by {@link #end}: in
 * the server since the control connection has ended and the session with it, in the client by the {@link Link}, which watches that connection. It
 * is not the socket on which one blocks, since the kernel takes who is woken by a socket to the CPU of who wakes him, where then two processes that
 * wait for each other awake keep each other from going on.
 */
final class SharedTransport implements Transport {
    private static final int HALF = 8 << 10;
    private static final int BYTES = 2 * HALF;
    private static final int WAKE = 64;
    private static final int ASLEEP = 68;
    private static final int CLOSED = 72;
    private static final int DATA = 128;
    private static final int ROOM = HALF - DATA;
    private static final int OVER = Integer.MIN_VALUE;
    private static final String PREFIX = "lane-";

    /** Counts the forks by which this process came to be: what it has of its parent's is not its own. */
    private static volatile int forks;

    static {
        Forking.inChild(Forking.Phase.FORGET, new Forgetting());
    }

    private final FdTransport socket;
    private final ByteBuffer memory;
    private final SharedWord wakesMe;
    private final SharedWord wakesOther;
    private final int in;
    private final int out;
    private final int madeAfter = forks;
    private final Spin spin = new Spin();
    private volatile boolean ended;
    /** Of the message that is being read: how long, how much of it is read, how much will come by the socket. */
    private int size;
    private int position;
    private int streamed;

    private SharedTransport(FdTransport socket, Mapping mapping, boolean client) {
        this.socket = socket;
        this.memory = mapping.buffer(0, BYTES);
        this.in = client ? HALF : 0;
        this.out = client ? 0 : HALF;
        this.wakesMe = new SharedWord(memory, in + WAKE, mapping.address() + in + WAKE);
        this.wakesOther = new SharedWord(memory, out + WAKE, mapping.address() + out + WAKE);
    }

    /** A class, not a lambda: see {@link Forking}. */
    private static final class Forgetting implements Runnable {
        @Override
        public void run() {
            forks++;
        }
    }

    // ---- beginnings ----

    /** Whether waiting awake, which it is for, is possible at all. */
    static boolean isWorthwhile() {
        return Spin.isWorthwhile();
    }

    /** Makes a file for a client and its server to share. Its name is to be removed when both have it. */
    static Memory create() {
        Tree tree = Tree.current();
        // Opens the tree, if this process has not used it yet.
        tree.members();
        String file = PREFIX + tree.randomName();
        try (Fd fd = tree.createFile(file, BYTES)) {
            boolean mapped = false;
            try {
                Memory memory = new Memory(tree, file, Mapping.map(fd, BYTES));
                mapped = true;
                return memory;
            } finally {
                if (!mapped) {
                    tree.remove(file);
                }
            }
        }
    }

    /** What {@link #create} made. */
    record Memory(Tree tree, String file, Mapping bytes) {
        void removeName() {
            tree.remove(file);
        }
    }

    /** The client's side. */
    static SharedTransport ofClient(FdTransport socket, Memory memory) {
        return new SharedTransport(socket, memory.bytes, true);
    }

    /**
     * The server's side.
     *
     * @throws OsException if there is no such file here
     */
    static SharedTransport ofServer(FdTransport socket, String file) {
        if (file.indexOf('/') >= 0 || !file.startsWith(PREFIX)) {
            throw new IllegalArgumentException(file + " is no name of memory for calls");
        }
        Tree tree = Tree.current();
        try (Fd fd = tree.openFile(file)) {
            if (tree.sizeOf(fd) != BYTES) {
                throw new IllegalArgumentException(file + " has another size than memory for calls");
            }
            return new SharedTransport(socket, Mapping.map(fd, BYTES), false);
        }
    }

    // ---- reading ----

    @Override
    public int read(byte[] target, int offset, int length, Deadline deadline) throws InterruptedException, TimeoutException {
        if (streamed == 0 && position == size) {
            int announced = await(deadline);
            if (announced == OVER) {
                return 0;
            }
            if (announced > ROOM) {
                throw new OsException("receive from", "a manager's connection", "", "bad message length: " + announced);
            }
            position = 0;
            if (announced < 0) {
                size = 0;
                streamed = -announced;
                Words.putIntRelease(memory, in, 0);
            } else {
                size = announced;
            }
        }
        if (streamed > 0) {
            return readStream(target, offset, length, deadline);
        }
        int count = Math.min(length, size - position);
        memory.get(in + DATA + position, target, offset, count);
        position += count;
        if (position == size) {
            Words.putIntRelease(memory, in, 0);
        }
        return count;
    }

    /** Waits for a message; returns what is said about its length, or {@link #OVER}. */
    private int await(Deadline deadline) throws InterruptedException, TimeoutException {
        int announced = Words.getIntVolatile(memory, in);
        if (announced == 0) {
            announced = spin();
        }
        return announced != 0 ? announced : block(deadline);
    }

    private int block(Deadline deadline) throws InterruptedException, TimeoutException {
        while (true) {
            int wake = wakesMe.get();
            // Ordered before the look at the length, as the writer's look at this is after the length.
            Words.casInt(memory, in + ASLEEP, 0, 1);
            int announced = Words.getIntVolatile(memory, in);
            if (announced != 0) {
                Words.casInt(memory, in + ASLEEP, 1, 0);
                return announced;
            }
            if (isOver()) {
                // What was said last counts.
                announced = Words.getIntVolatile(memory, in);
                return announced != 0 ? announced : OVER;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for a message of a manager");
            }
            if (deadline.isOver()) {
                throw new TimeoutException("nothing came from a manager in time");
            }
            WordWait.await(wakesMe, wake, deadline.remaining(), true);
        }
    }

    private boolean isOver() {
        return ended || madeAfter != forks || Words.getIntVolatile(memory, CLOSED) != 0;
    }

    /**
     * Waits awake for a time, but gives way to any other thread that wants the CPU: where that is the one that is to answer, as often on few CPUs or
     * with many clients, it costs no more than the change from one to the other.
     */
    private int spin() {
        long nanos = madeAfter == forks ? spin.next() : 0;
        if (nanos == 0) {
            return 0;
        }
        long end = System.nanoTime() + nanos;
        int announced;
        do {
            Thread.yield();
            announced = Words.getIntVolatile(memory, in);
        } while (announced == 0 && System.nanoTime() - end < 0);
        spin.after(announced != 0);
        return announced;
    }

    private int readStream(byte[] target, int offset, int length, Deadline deadline) throws InterruptedException, TimeoutException {
        int count = socket.read(target, offset, Math.min(length, streamed), deadline);
        streamed -= count;
        return count;
    }

    @Override
    public boolean isPeerThere() {
        // There is nothing to read there but the end.
        return !isOver() && !socket.isReadable();
    }

    // ---- writing ----

    @Override
    public void write(byte[] source, int offset, int length) {
        if (isOver()) {
            throw socket.closed();
        }
        if (length <= ROOM) {
            memory.put(out + DATA, source, offset, length);
            announce(length);
        } else {
            announce(-length);
            socket.write(source, offset, length);
        }
    }

    private void announce(int length) {
        if (!Words.casInt(memory, out, 0, length)) {
            throw new OsException("send to", "a manager's connection", "", "the message before this one has not been taken");
        }
        if (Words.getIntVolatile(memory, out + ASLEEP) != 0 && Words.casInt(memory, out + ASLEEP, 1, 0)) {
            wakesOther.countUpAndWake(1);
        }
    }

    /** Who gives way while it waits keeps nobody from the CPU, however large the crowd. */
    @Override
    public void insist(boolean awake) { }

    /** The other side is gone: who waits for it waits no more. */
    void end() {
        ended = true;
        wakesMe.countUpAndWake(Integer.MAX_VALUE);
    }

    @Override
    public void close() {
        if (!ended && madeAfter == forks) {
            Words.casInt(memory, CLOSED, 0, 1);
            wakesOther.countUpAndWake(Integer.MAX_VALUE);
            end();
        }
        socket.close();
    }
}
