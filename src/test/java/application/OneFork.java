package application;

import org.jmultiprocessing.errors.ProcessException;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.StartMethod;

/** A program that forks once, and prints why it cannot. */
public final class OneFork {
    private OneFork() { }

    /**
     * @param arguments none
     * @throws InterruptedException never
     */
    public static void main(String[] arguments) throws InterruptedException {
        try (Process child = Process.builder(() -> { }).startMethod(StartMethod.FORK).start()) {
            child.join();
            System.out.println("forked, exit code " + child.exitCode().getAsInt());
        } catch (IllegalStateException | ProcessException refused) {
            System.out.println(refused.getMessage());
        }
    }
}
