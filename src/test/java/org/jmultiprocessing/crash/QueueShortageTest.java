package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.queue.Queue;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.Test;

/** A full /dev/shm is an exception in who puts, and the queue goes on as it was. */
class QueueShortageTest {
    /** Fills a queue with small messages, and another with large ones, until shared memory is full; gets them all, and puts again. */
    static final class Filler {
        private Filler() { }

        public static void main(String[] arguments) throws InterruptedException {
            for (int size : new int[] {1000, 3 << 20}) {
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
                    System.out.println("as much again: " + (fill(queue, size) == count));
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
        List<String> inItsOwn = List.of("unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=16m tmpfs /dev/shm && exec \"$@\"", "sh");
        assumeTrue(Program.of(with(inItsOwn, List.of("true"))).code() == 0, "a tmpfs of one's own takes root and mount namespaces");
        Program filler = Program.of(with(inItsOwn, Program.ofClass(Filler.class)));
        String each = "ENOSPC\nfull: true\ngot all: true\nENOSPC\nas much again: true\n";
        assertEquals(each + each + "end\n", filler.out(), filler.err());
        assertEquals(0, filler.code(), filler.err());
    }

    private static List<String> with(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
