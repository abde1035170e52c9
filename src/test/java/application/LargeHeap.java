package application;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.StartMethod;

/** A program that forks with much of its heap in use, {@code LargeHeap MIB}, and writes all over it while the child reads what was there. */
public final class LargeHeap {
    /** With its header no more than so many MiB, which are regions of G1. */
    private static final int LONGS = (1 << 20) - 8;
    private static final int MIB_IN_BLOCK = 8;
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private LargeHeap() { }

    private static void fill(long[][] blocks, long seed) {
        for (int i = 0; i < blocks.length; i++) {
            for (int k = 0; k < LONGS; k++) {
                blocks[i][k] = (seed + (long) i * LONGS + k) * FACTOR;
            }
        }
    }

    private static boolean holds(long[][] blocks, long seed) {
        for (int i = 0; i < blocks.length; i++) {
            for (int k = 0; k < LONGS; k++) {
                if (blocks[i][k] != (seed + (long) i * LONGS + k) * FACTOR) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * @param arguments how many MiB
     * @throws InterruptedException never
     */
    public static void main(String[] arguments) throws InterruptedException {
        long[][] blocks = new long[Integer.parseInt(arguments[0]) / MIB_IN_BLOCK][LONGS];
        AtomicBoolean writes = new AtomicBoolean();
        fill(blocks, 1);
        try (Pipe pipe = Pipe.duplex();
                Process child = Process.builder(() -> {
                    boolean meanwhile = holds(blocks, 1);
                    pipe.second().recv();
                    boolean afterwards = holds(blocks, 1);
                    fill(blocks, 2);
                    System.gc();
                    System.exit((meanwhile ? 0 : 1) + (afterwards ? 0 : 2) + (holds(blocks, 2) ? 0 : 4) + (writes.get() ? 8 : 0));
                }).startMethod(StartMethod.FORK).start()) {
            writes.set(true);
            fill(blocks, 3);
            pipe.first().send("written");
            child.join();
            System.out.println("child " + child.exitCode().getAsInt() + ", parent " + (holds(blocks, 3) ? "right" : "wrong"));
        }
    }
}
