package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.queue.Queue;
import org.jmultiprocessing.support.Program;
import org.jmultiprocessing.support.SmallSharedMemory;
import org.jmultiprocessing.sync.Lock;
import org.junit.jupiter.api.Test;

/** A full /dev/shm is an exception in who puts, and the queue goes on as it was. */
class QueueShortageTest {
    /** Fills a queue with large messages, and another with small ones, until shared memory is full; gets them all, and puts again. */
    static final class Filler {
        private Filler() { }

        public static void main(String[] arguments) throws InterruptedException {
            for (int size : new int[] {3 << 20, 1000}) {
                try (Queue<byte[]> queue = new Queue<>()) {
                    int count = fill(queue, size);
                    System.out.println("full: " + (count > 1 && count == queue.qsize()));
                    int got = 0;
                    while (!queue.empty()) {
                        byte[] message = queue.get();
                        if (message.length == size && message[0] == (byte) got && message[size - 1] == (byte) got) {
                            got++;
                        }
                    }
                    System.out.println("got all: " + (got == count));
                    System.out.println("as much again: " + (fill(queue, size) >= count));
                }
            }
            new Queue<>().close();
            System.out.println("end");
        }

        private static int fill(Queue<byte[]> queue, int size) throws InterruptedException {
            int count = 0;
            try {
                while (true) {
                    byte[] message = new byte[size];
                    message[0] = (byte) count;
                    message[size - 1] = (byte) count;
                    queue.put(message);
                    count++;
                }
            } catch (OsException full) {
                System.out.println(full.errnoName());
            }
            return count;
        }
    }

    @Test
    void aFullFileSystemIsAnExceptionInThePutter() throws Exception {
        Program filler = SmallSharedMemory.run("16m", Program.ofClass(Filler.class));
        String each = "ENOSPC\nfull: true\ngot all: true\nENOSPC\nas much again: true\n";
        assertEquals(each + each + "end\n", filler.out(), filler.err());
        assertEquals(0, filler.code(), filler.err());
    }

    /** Asks for what does not even find room for its tree. */
    static final class Locker {
        private Locker() { }

        public static void main(String[] arguments) {
            for (int i = 0; i < 2; i++) {
                try {
                    System.out.println(new Lock());
                } catch (OsException full) {
                    System.out.println(full.getMessage());
                }
            }
        }
    }

    @Test
    void withoutRoomForTheTreeNothingIsLeft() throws Exception {
        Program locker = SmallSharedMemory.run("16k", Program.ofClass(Locker.class));
        String[] lines = locker.out().split("\n");
        assertEquals(2, lines.length, locker.out());
        for (String line : lines) {
            String text = "reserve \\d+ bytes for /dev/shm/jmp-.*: No space left on device: /dev/shm has .* make it larger.*ENOSPC.*";
            assertTrue(line.matches(text), line);
        }
        assertEquals(0, locker.code(), locker.err());
    }
}
