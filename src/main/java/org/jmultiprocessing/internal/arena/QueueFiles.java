package org.jmultiprocessing.internal.arena;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.FdInputStream;
import org.jmultiprocessing.internal.os.FdOutputStream;
import org.jmultiprocessing.internal.os.Mapping;
import org.jmultiprocessing.internal.os.SharedFile;
import org.jmultiprocessing.internal.registry.Tree;

/** The files that a queue has besides its control file: rings and large messages. */
final class QueueFiles implements Runnable {
    /** Prefix of the control file's name. */
    static final String PREFIX = "queue";

    private static final int LARGEST_RING = 64 << 20;

    private final Tree tree;
    private final String control;
    private final String rings;
    private final String blobs;

    QueueFiles(Tree tree, String control) {
        this.tree = tree;
        this.control = control;
        String name = control.substring(PREFIX.length());
        this.rings = "ring" + name + ".";
        this.blobs = "blob" + name + ".";
    }

    // ---- rings ----

    /** How large a ring should be that follows one of so many units, to hold a record of so many. */
    static int nextRingBytes(int unitsBefore, int units) {
        long bytes = Math.min(LARGEST_RING, 2L * unitsBefore * RingMemory.UNIT);
        while (bytes < (units + 2L) * RingMemory.UNIT) {
            bytes *= 2;
        }
        return (int) bytes;
    }

    RingMemory createRing(int number, int bytes) {
        String file = rings + number;
        Fd fd;
        try {
            fd = tree.createFile(file, bytes);
        } catch (OsException e) {
            if (!"EEXIST".equals(e.errnoName())) {
                throw e;
            }
            // Left by a process that died before it could use or remove it.
            tree.remove(file);
            fd = tree.createFile(file, bytes);
        }
        return map(fd, bytes);
    }

    RingMemory openRing(int number) {
        Fd fd = tree.openFile(rings + number);
        return map(fd, Math.toIntExact(tree.sizeOf(fd)));
    }

    private static RingMemory map(Fd fd, int bytes) {
        try (fd) {
            return new RingMemory(Mapping.map(fd, bytes).buffer(0, bytes), 0, bytes);
        }
    }

    /** Takes the pages from a ring at once, whoever has it mapped still: nobody reads or writes it any more. */
    void deleteRing(int number) {
        String file = rings + number;
        try (Fd fd = tree.openFile(file)) {
            SharedFile.resize(fd, 0, false);
        } catch (OsException noDescriptor) {
            // Then they go when nobody has it mapped. Or there is no such file.
            tree.remove(file);
            return;
        }
        tree.remove(file);
    }

    // ---- large messages ----

    /** Writes a message into a file of its own; returns the file's name. */
    String createBlob(byte[] bytes, int offset, int length) {
        String file = blobs + tree.randomName();
        boolean written = false;
        try (Fd fd = tree.createFile(file, length)) {
            new FdOutputStream(fd).write(bytes, offset, length);
            written = true;
        } catch (IOException e) {
            throw new OsException("write", file, "", e.getMessage());
        } finally {
            if (!written) {
                tree.remove(file);
            }
        }
        return file;
    }

    /** Opens a large message and removes its name; null if another taker did so and died. */
    Fd openBlob(String file) {
        Fd fd;
        try {
            fd = tree.openFile(file);
        } catch (OsException e) {
            if ("ENOENT".equals(e.errnoName())) {
                return null;
            }
            throw e;
        }
        tree.remove(file);
        return fd;
    }

    void deleteBlob(String file) {
        tree.remove(file);
    }

    static void readBlob(Fd fd, byte[] target, int length) {
        try (FdInputStream in = new FdInputStream(fd)) {
            if (in.readNBytes(target, 0, length) != length) {
                throw new EOFException("it is shorter than the " + length + " bytes that it was announced with");
            }
        } catch (IOException e) {
            throw new OsException("read", fd.name(), "", e.getMessage());
        }
    }

    /** A large message's record: its length and its file. */
    static byte[] blobRecord(int length, String file) {
        return (length + " " + file).getBytes(StandardCharsets.ISO_8859_1);
    }

    static int blobLength(byte[] record, int length) {
        String text = new String(record, 0, length, StandardCharsets.ISO_8859_1);
        return Integer.parseInt(text.substring(0, text.indexOf(' ')));
    }

    static String blobFile(byte[] record, int length) {
        String text = new String(record, 0, length, StandardCharsets.ISO_8859_1);
        return text.substring(text.indexOf(' ') + 1);
    }

    // ---- the end ----

    /** Removes all there is of the queue. */
    @Override
    public void run() {
        tree.remove(control);
        String[] files = new File(tree.directory()).list();
        if (files != null) {
            for (String file : files) {
                if (file.startsWith(rings) || file.startsWith(blobs)) {
                    tree.remove(file);
                }
            }
        }
    }
}
