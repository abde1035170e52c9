package application;

import java.util.zip.Deflater;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.StartMethod;

/**
 * A program that forks while some of its threads are inside the critical regions of JNI nearly all the time, and others need memory so fast that
 * there is always a collection which waits for them: {@code CriticalParent FORKS}. Each child collects too.
 */
public final class CriticalParent {
    private static final int EACH = 2;
    private static final int BYTES = 40_000;

    private CriticalParent() { }

    private static void compress() {
        byte[] data = new byte[BYTES];
        byte[] room = new byte[BYTES];
        Deflater deflater = new Deflater();
        while (true) {
            deflater.reset();
            deflater.setInput(data);
            deflater.finish();
            deflater.deflate(room);
        }
    }

    private static void allocate() {
        byte[][] kept = new byte[64][];
        for (int i = 0;; i++) {
            kept[i % kept.length] = new byte[BYTES];
        }
    }

    private static void start(Runnable body) {
        Thread thread = new Thread(body);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * @param arguments how many children
     * @throws InterruptedException never
     */
    public static void main(String[] arguments) throws InterruptedException {
        for (int i = 0; i < EACH; i++) {
            start(CriticalParent::compress);
            start(CriticalParent::allocate);
        }
        int good = 0;
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            try (Process child = Process.builder(System::gc).startMethod(StartMethod.FORK).start()) {
                child.join();
                good += child.exitCode().getAsInt() == 0 ? 1 : 0;
            }
        }
        System.out.println("good children: " + good);
    }
}
