package org.jmultiprocessing.internal.registry;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Exiting;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.Forking;
import org.jmultiprocessing.internal.os.MemoryShortage;
import org.jmultiprocessing.internal.os.RandomBytes;
import org.jmultiprocessing.internal.os.SharedFile;
import org.jmultiprocessing.internal.os.Sockets;

/**
 * A process tree's directory, in memory, with all that its processes share: its members, segments, and which names of shared memory are to be removed
 * in the end. Made by whichever process needs it first; a program that needs none never has one. Each process that uses it holds a lock on it for
 * life, and the tracker removes it when the last has ended. Safe for any number of threads.
 */
public class Tree {
    /** How long a token of {@link #deposit} is. */
    public static final int TOKEN_BYTES = Tracker.TOKEN;

    private static final String MEMORY = "/dev/shm";
    static final String PREFIX = "jmp-";
    static final String LOCK = "lock";
    private static final String STARTING = "starting";
    private static final int ID_LENGTH = 16;
    /** To look at the cgroup's limits costs a fresh process more than so many bytes are worth. */
    private static final int NOTICEABLE = 1 << 20;

    private static final Map<String, Tree> OPEN = new HashMap<>();
    private static Tree current;

    static {
        Forking.inChild(Forking.Phase.JOIN, new JoiningAgain());
    }

    private final String id;
    private final boolean own;
    private final String directory;
    private final Tracker tracker = new Tracker(this);
    private Fd lock;
    private volatile Members members;

    Tree(String id, boolean own) {
        this.id = id;
        this.own = own;
        this.directory = root() + "/" + PREFIX + id;
    }

    /** @return this process's own tree; nothing is made by this yet */
    public static Tree current() {
        synchronized (OPEN) {
            if (current == null) {
                current = new Tree(hex(Lineage.id()), true);
                OPEN.put(current.id, current);
            }
            return current;
        }
    }

    /**
     * In a fork server: has something done in a tree that nobody else hears of, and forgets it. Alone in its process.
     *
     * @param work leaves nothing open
     */
    public static void practise(Runnable work) {
        synchronized (OPEN) {
            PracticeTree practice = new PracticeTree(hex(RandomBytes.nextLong()));
            current = practice;
            OPEN.put(practice.id(), practice);
            try {
                work.run();
            } finally {
                OPEN.remove(practice.id());
                current = null;
                practice.close();
            }
        }
    }

    /**
     * @param id of any tree of this user on this machine
     * @return it; whether it is there shows when it is used
     * @throws IllegalArgumentException if that is no tree's id
     */
    public static Tree of(String id) {
        Tree mine = current();
        if (id.equals(mine.id)) {
            return mine;
        }
        if (id.length() != ID_LENGTH || !id.chars().allMatch(digit -> Character.digit(digit, 16) >= 0)) {
            throw new IllegalArgumentException("'" + id + "' is not the id of a process tree");
        }
        synchronized (OPEN) {
            return OPEN.computeIfAbsent(id, unknown -> new Tree(unknown, false));
        }
    }

    /** @return the folder in which trees have their directories */
    static String root() {
        return new File(MEMORY).isDirectory() ? MEMORY : System.getProperty("java.io.tmpdir");
    }

    /** By hand: what the JDK has for this is slow the first time, and many a child comes here. */
    private static String hex(long number) {
        char[] digits = new char[ID_LENGTH];
        for (int i = 0; i < ID_LENGTH; i++) {
            digits[i] = Character.forDigit((int) (number >>> 60 - 4 * i) & 0xF, 16);
        }
        return new String(digits);
    }

    /** @return 16 hexadecimal digits */
    public String id() {
        return id;
    }

    /** Whether this process belongs to it, and does not only use what another tree shares. */
    boolean isOwn() {
        return own;
    }

    /** @return its path; it need not exist */
    public String directory() {
        return directory;
    }

    /**
     * @param file a file's name
     * @return its path in the directory
     */
    public String path(String file) {
        return directory + "/" + file;
    }

    /** @return a name for a file that nobody else has */
    public String randomName() {
        return hex(RandomBytes.nextLong());
    }

    /**
     * Opens the tree and joins its members, at the first call: makes what is missing and starts the tracker, which takes some milliseconds.
     *
     * @return the processes that use the tree, this one among them
     * @throws OsException if it is another's and gone, lives in another pid namespace, or there is no room for it
     */
    public synchronized Members members() {
        if (members == null) {
            hold();
            Members joined;
            Fd starting = lockedStart();
            try {
                joined = Members.join(this);
            } finally {
                starting.close();
            }
            tracker.connect(joined);
            members = joined;
            if (!tracker.trouble().isEmpty()) {
                Sweep.others(Path.of(directory));
            }
        }
        return members;
    }

    /** In a forked child: joins the trees that its parent used, as a member of its own. */
    private static final class JoiningAgain implements Runnable {
        @Override
        public void run() {
            for (Tree tree : OPEN.values()) {
                tree.joinAgain();
            }
        }
    }

    private synchronized void joinAgain() {
        // The parent's descriptor has been closed here with all that it kept.
        lock = null;
        if (members != null) {
            hold();
            Fd starting = lockedStart();
            try {
                members.join();
            } finally {
                starting.close();
            }
            tracker.connectAgain();
        }
    }

    /**
     * Where no tracker does so, the last process that exits removes the tree; also one that has made it and found no room to join it. A class, not a
     * lambda: many a child comes here.
     */
    private final class LastExit implements Exiting.Farewell {
        @Override
        public void exiting(boolean wanted) {
            Members joined = members;
            if (wanted && joined != null) {
                joined.leave();
            }
            if ((joined == null || !tracker.trouble().isEmpty()) && SharedFile.lock(lock, true, false)) {
                Sweep.remove(Path.of(directory));
            }
        }
    }

    /** @return whether this process has joined it */
    synchronized boolean isOpen() {
        return members != null;
    }

    /** @return why no tracker watches this process; empty if one does */
    String trouble() {
        return tracker.trouble();
    }

    /**
     * Leaves a duplicate of a descriptor with the tracker, so that another process of this user can take it, even when this one has ended.
     *
     * @param fd an open descriptor, which stays the caller's
     * @return 128 random bits that name it; whoever has them, and the tree's id, can {@link #redeem} it, once
     * @throws OsException if there is no tracker, or it has no more room
     */
    public byte[] deposit(int fd) {
        members();
        return tracker.deposit(fd);
    }

    /**
     * Takes a descriptor that was deposited with this tree's tracker.
     *
     * @param token as {@link #deposit} returned it
     * @return the descriptor, close-on-exec, which belongs to the caller
     * @throws OsException if it is not there: taken already, or the tracker was killed
     */
    public int redeem(byte[] token) {
        members();
        return tracker.redeem(token);
    }

    /** Locks out others who join the tree or start its tracker; to be closed soon. */
    Fd lockedStart() {
        Fd fd = SharedFile.openIfThere(path(STARTING));
        while (fd == null) {
            try {
                fd = SharedFile.create(path(STARTING));
            } catch (OsException e) {
                if (!e.errnoName().equals("EEXIST")) {
                    throw e;
                }
                fd = SharedFile.openIfThere(path(STARTING));
            }
        }
        SharedFile.lock(fd, true, true);
        return fd;
    }

    /** Makes the directory if need be, and holds it from now on. A sweeper may take it, so to say, from under one's feet: start over. */
    private void hold() {
        if (lock != null) {
            return;
        }
        while (lock == null) {
            Fd opened = SharedFile.openIfThere(path(LOCK));
            if (opened == null) {
                if (!own) {
                    throw new OsException("use", directory, "ENOENT",
                            "all processes of that tree have ended, and what they shared with them");
                }
                opened = makeWithLock();
            }
            if (opened != null) {
                SharedFile.lock(opened, false, true);
                lock = isInPlace(opened) ? opened : null;
                if (lock == null) {
                    opened.close();
                }
            }
        }
        Kept.add(lock);
        Exiting.doLast(new LastExit());
    }

    private boolean isInPlace(Fd opened) {
        Fd again = SharedFile.openIfThere(path(LOCK));
        if (again == null) {
            return false;
        }
        boolean same = SharedFile.id(again) == SharedFile.id(opened);
        again.close();
        return same;
    }

    /** Null if another made the lock, or removed the directory, in this instant. */
    private Fd makeWithLock() {
        try {
            Files.createDirectory(Path.of(directory), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException there) {
            requireOurs();
        } catch (IOException e) {
            throw new OsException("mkdir", directory, "", "the directory of the process tree cannot be made: " + e);
        }
        try {
            return SharedFile.create(path(LOCK));
        } catch (OsException e) {
            if (e.errnoName().equals("EEXIST") || e.errnoName().equals("ENOENT")) {
                return null;
            }
            // An empty directory without a lock is nobody's; one that is not empty stays.
            new File(directory).delete();
            throw MemoryShortage.explained(e, directory, "");
        }
    }

    private void requireOurs() {
        try {
            Map<String, Object> attributes = Files.readAttributes(Path.of(directory), "unix:uid,isDirectory", LinkOption.NOFOLLOW_LINKS);
            if (!Boolean.TRUE.equals(attributes.get("isDirectory")) || !attributes.get("uid").equals(Sockets.uid())) {
                throw new OsException("use", directory, "EACCES", "it is not a directory of this user");
            }
        } catch (NoSuchFileException removed) {
            // Made again by who asked.
            return;
        } catch (IOException e) {
            throw new OsException("stat", directory, "", e.toString());
        }
    }

    /**
     * Makes a file of zeros, for this user only, with all its pages reserved.
     *
     * @param file its name in the directory
     * @param bytes its size
     * @return a descriptor for reading and writing, the caller's to close
     * @throws OsException if there is no room: ENOSPC, or ENOMEM where a memory cgroup is full
     */
    public Fd createFile(String file, long bytes) {
        if (bytes > NOTICEABLE) {
            MemoryShortage.refuseForCgroup(bytes, "");
        }
        Fd fd = SharedFile.create(path(file));
        boolean complete = false;
        try {
            SharedFile.resize(fd, bytes, true);
            complete = true;
            return fd;
        } catch (OsException refusal) {
            throw MemoryShortage.explained(refusal, fd.name(), "");
        } finally {
            if (!complete) {
                fd.close();
                remove(file);
            }
        }
    }

    /**
     * @param file its name in the directory
     * @return a descriptor for reading and writing, the caller's to close
     * @throws OsException if there is none (ENOENT)
     */
    public Fd openFile(String file) {
        return SharedFile.open(path(file));
    }

    /** As {@link #openFile}; null if there is none. */
    Fd openIfThere(String file) {
        return SharedFile.openIfThere(path(file));
    }

    /**
     * @param fd an open file
     * @return its size in bytes
     */
    public long sizeOf(Fd fd) {
        return SharedFile.size(fd);
    }

    /**
     * Removes a file's name; who has it open or mapped keeps it. Does nothing if there is none.
     *
     * @param file its name in the directory
     */
    public void remove(String file) {
        SharedFile.remove(path(file));
    }
}
