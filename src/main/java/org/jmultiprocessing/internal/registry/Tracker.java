package org.jmultiprocessing.internal.registry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.errors.BrokenPipeException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Io;
import org.jmultiprocessing.internal.os.RandomBytes;
import org.jmultiprocessing.internal.os.Sockets;
import org.jmultiprocessing.internal.os.TrackerProgram;
import org.jmultiprocessing.internal.os.WordWait;

/**
 * This process's side of a tree's tracker, a program that runs beside the tree's processes and outlives them: it hears of each one's end by the end
 * of a connection, tells those who wait for it, keeps descriptors that are on their way, and removes everything in the end. It is started by whoever
 * finds none, and again by whoever notices that it was killed. Messages have 32 bytes: int type, int slot, long generation, 16 bytes token.
 */
final class Tracker {
    /** System property: {@code off} has no tracker started. */
    static final String PROPERTY = "jmultiprocessing.tracker";

    private static final String SOCKET = "tracker";
    private static final int BACKLOG = 1024;
    private static final int HELLO = 1;
    private static final int DEPOSIT = 2;
    private static final int REDEEM = 3;
    private static final int MESSAGE = 32;
    private static final int TOKEN_AT = 16;
    static final int TOKEN = 16;
    private static final byte YES = 1;

    /** A tracker answers in microseconds; one that is stopped is not to hang its clients. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** How often to try where the tracker is killed meanwhile. */
    private static final int MOST_ATTEMPTS = 10;
    private static final long PAUSE_NANOS = 5_000_000;
    /** A tracker that ends again and again must not make its tree do nothing but start it. */
    private static final int MOST_RESTARTS = 100;
    private static final long RESTARTS_NANOS = 10_000_000_000L;

    private final Tree tree;
    private Members members;
    private Fd connection;
    private boolean unwatched;
    private volatile String trouble = "";
    private int restarts;
    private long firstRestart;

    Tracker(Tree tree) {
        this.tree = tree;
    }

    /** Makes this process known as a member. Where that cannot be, the member counts as unwatched and {@link #trouble} says why. */
    synchronized void connect(Members joined) {
        members = joined;
        connect();
    }

    /** In a forked child, which is a new member, and whose copy of the parent's connection is closed. */
    synchronized void connectAgain() {
        unwatched = false;
        connect();
    }

    private void connect() {
        try {
            connection = introduced();
            Kept.add(connection);
            connection.whenReadable(new Gone());
            trouble = "";
            setUnwatched(false);
        } catch (OsException e) {
            trouble = describe(e);
            setUnwatched(true);
        }
    }

    private Fd introduced() {
        byte[] hello = message(HELLO, members.slot(), members.generation(), new byte[TOKEN]);
        for (int attempt = 1;; attempt++) {
            Fd fd = open();
            boolean sent = false;
            try {
                send(fd, hello, new int[0]);
                sent = true;
                return fd;
            } catch (BrokenPipeException killed) {
                if (attempt == MOST_ATTEMPTS) {
                    throw killed;
                }
            } finally {
                if (!sent) {
                    fd.close();
                }
            }
        }
    }

    private static String describe(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.getMessage());
        for (Throwable reason : failure.getSuppressed()) {
            text.append("; ").append(reason.getMessage());
        }
        return text.toString();
    }

    private void setUnwatched(boolean now) {
        if (now != unwatched) {
            unwatched = now;
            members.countUnwatched(now ? 1 : -1);
            if (now) {
                // They counted on being told.
                WordWait.wakeAll();
            }
        }
    }

    /** Runs on the watcher's thread, which must not block. */
    private final class Gone implements Runnable {
        @Override
        public void run() {
            Thread again = new Thread(null, Tracker.this::reconnect, "jmp-tracker-again", 128 << 10, false);
            again.setDaemon(true);
            again.setContextClassLoader(null);
            try {
                again.start();
            } catch (OutOfMemoryError noThread) {
                lose("there is no thread to connect to it again");
            }
        }
    }

    private synchronized void lose(String why) {
        Kept.drop(connection);
        trouble = why;
        setUnwatched(true);
    }

    private synchronized void reconnect() {
        long now = System.nanoTime();
        if (restarts == 0 || now - firstRestart > RESTARTS_NANOS) {
            restarts = 0;
            firstRestart = now;
        }
        restarts++;
        if (restarts > MOST_RESTARTS) {
            lose("it ended " + MOST_RESTARTS + " times within " + RESTARTS_NANOS / 1_000_000_000 + " s");
            return;
        }
        Kept.drop(connection);
        connect();
    }

    /** @return why this process is not known to a tracker; empty if it is. Takes no lock: the exit asks, and waits for nobody */
    String trouble() {
        return trouble;
    }

    /**
     * A new connection to the tracker, which is started if need be. Only a process of the tree can do that; others wait until one has.
     *
     * @throws OsException if there is none and none can be started
     */
    private Fd open() {
        Fd fd = connected();
        if (fd != null) {
            return fd;
        }
        if (!tree.isOwn()) {
            Deadline deadline = Deadline.after(PATIENCE);
            while (!deadline.isOver()) {
                fd = connected();
                if (fd != null) {
                    return fd;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            throw new OsException("connect to", tree.path(SOCKET), "ECONNREFUSED", "no process of that tree starts its tracker again");
        }
        Fd starting = tree.lockedStart();
        try {
            for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
                fd = connected();
                if (fd != null) {
                    return fd;
                }
                start();
            }
            throw new OsException("connect to", tree.path(SOCKET), "ECONNREFUSED", "the tracker ends as soon as it is started");
        } finally {
            starting.close();
        }
    }

    /** The listening socket is made here, so that connecting works at once. */
    private void start() {
        if ("off".equals(System.getProperty(PROPERTY))) {
            throw new OsException("start the tracker", "", "", "it is switched off by -D" + PROPERTY + "=off");
        }
        tree.remove(SOCKET);
        boolean started = false;
        try (Fd listener = Sockets.listenUnix(tree.path(SOCKET), BACKLOG)) {
            TrackerProgram.start(tree.directory(), Lineage.reader(), listener);
            started = true;
        } finally {
            if (!started) {
                tree.remove(SOCKET);
            }
        }
    }

    /** Null if nobody listens. */
    private Fd connected() {
        Deadline deadline = Deadline.after(PATIENCE);
        while (!deadline.isOver()) {
            try {
                Fd fd = Sockets.connectUnix(tree.path(SOCKET));
                if (fd != null) {
                    return fd;
                }
            } catch (OsException e) {
                if (e.errnoName().equals("ENOENT") || e.errnoName().equals("ECONNREFUSED")) {
                    return null;
                }
                throw e;
            }
            // The backlog is full.
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw silent();
    }

    private OsException silent() {
        return new OsException("talk to", tree.path(SOCKET), "ETIMEDOUT", "the tracker does not answer");
    }

    /**
     * Leaves a duplicate of a descriptor with the tracker, for whoever has the token.
     *
     * @return the token, 128 random bits
     * @throws OsException if there is no tracker, or it has no more room
     */
    byte[] deposit(int fd) {
        OsException lost = null;
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            byte[] token = RandomBytes.next(TOKEN);
            try (Fd request = open()) {
                send(request, message(DEPOSIT, 0, 0, token), new int[] {fd});
                int answer = answer(request, new int[1]);
                if (answer == YES) {
                    return token;
                }
                if (answer >= 0) {
                    throw new OsException("deposit a descriptor with", tree.path(SOCKET), "ENOSPC",
                            "the tracker keeps as many as it can that nobody has received yet: have the messages with the earlier ones read");
                }
                lost = lost(null);
            } catch (BrokenPipeException killed) {
                lost = lost(killed);
            }
        }
        throw lost;
    }

    /**
     * Takes a descriptor that was deposited, once.
     *
     * @return it, which belongs to the caller
     * @throws OsException if it is not there (any more)
     */
    int redeem(byte[] token) {
        try (Fd request = open()) {
            send(request, message(REDEEM, 0, 0, token), new int[0]);
            int[] received = new int[2];
            if (answer(request, received) == YES && received[0] == 1) {
                return received[1];
            }
        } catch (BrokenPipeException killed) {
            throw lost(killed);
        }
        throw lost(null);
    }

    private OsException lost(Throwable cause) {
        OsException lost = new OsException("exchange a descriptor with", tree.path(SOCKET), "ENOENT",
                "it was received already, or the tracker that kept it has been killed");
        lost.initCause(cause);
        return lost;
    }

    private static byte[] message(int type, int slot, long generation, byte[] token) {
        byte[] bytes = new byte[MESSAGE];
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(type).putInt(slot).putLong(generation).position(TOKEN_AT).put(token);
        return bytes;
    }

    /** A new socket has room for more than this. */
    private void send(Fd fd, byte[] message, int[] descriptors) {
        int sent = descriptors.length == 0 ? Io.write(fd, message, 0, message.length)
                : Io.send(fd, message, 0, message.length, descriptors, descriptors.length);
        if (sent != message.length) {
            throw silent();
        }
    }

    /** The answer's byte; -1 if the tracker ended instead. Uninterruptible, since what was asked may have been done. */
    private int answer(Fd fd, int[] received) {
        Deadline deadline = Deadline.after(PATIENCE);
        boolean interrupted = false;
        byte[] answer = new byte[1];
        fd.acquire();
        try {
            while (!deadline.isOver()) {
                int count = Io.receive(fd, answer, 0, 1, received, 0);
                if (count >= 0) {
                    return count == 0 ? -1 : answer[0];
                }
                try {
                    fd.await(Fd.READABLE, deadline);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            throw silent();
        } finally {
            fd.release();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
