package application;

import org.jmultiprocessing.errors.ProcessException;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.StartMethod;

/** A program that forks once, and prints why it cannot: {@code OneFork [elsewhere]}, in its main thread or in another one. */
public final class OneFork {
    private OneFork() { }

    /**
     * @param arguments whether in another thread
     * @throws InterruptedException never
     */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length == 0) {
            fork();
        } else {
            Thread thread = new Thread(() -> {
                try {
                    fork();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            thread.start();
            thread.join();
        }
    }

    private static void fork() throws InterruptedException {
        try (Process child = Process.builder(() -> { }).startMethod(StartMethod.FORK).start()) {
            child.join();
            System.out.println("forked, exit code " + child.exitCode().getAsInt());
        } catch (IllegalStateException | ProcessException refused) {
            System.out.println(refused.getMessage());
        }
    }
}
