package org.jmultiprocessing.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails every test class that leaves a child, a descriptor, a thread or a name in {@code /dev/shm} behind. Registered for all classes by
 * {@code META-INF/services}.
 */
public final class LeakGuard implements BeforeAllCallback, AfterAllCallback {
    /** Configuration parameter: how many milliseconds what ends asynchronously (an exiting child, a closing thread) may take. */
    static final String PATIENCE = "jmultiprocessing.leakguard.patience";

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeakGuard.class);
    private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(10);

    static {
        openWhatTheJdkKeepsOpen();
        openWhatTheLibraryKeepsOpen();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        store(context).put(context.getUniqueId(), Snapshot.take());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Snapshot before = store(context).remove(context.getUniqueId(), Snapshot.class);
        Duration patience = context.getConfigurationParameter(PATIENCE, text -> Duration.ofMillis(Long.parseLong(text))).orElse(DEFAULT_PATIENCE);
        List<String> left = awaitNothingLeft(before, patience);
        if (!left.isEmpty()) {
            throw new AssertionError(context.getDisplayName() + " left behind:\n  " + String.join("\n  ", left));
        }
    }

    /** What exits does so in its own time and tells nobody, so this looks again and again, until nothing is left or patience ends. */
    static List<String> awaitNothingLeft(Snapshot before, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            List<String> left = Snapshot.take().since(before);
            if (left.isEmpty() || System.nanoTime() - deadline >= 0) {
                return left;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }

    /** The first channels of a JVM open descriptors that it keeps for good. They must not count as the first test's. */
    private static void openWhatTheJdkKeepsOpen() {
        try {
            ServerSocketChannel.open().close();
            Pipe pipe = Pipe.open();
            pipe.source().close();
            pipe.sink().close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The first child of a process makes its life line, which stays. */
    private static void openWhatTheLibraryKeepsOpen() {
        FirstChild.startAndJoin();
    }

    /** A class of its own: in the child, the target's class is initialized, and if that were the guard the child would have a child, and so on. */
    private static final class FirstChild {
        static void startAndJoin() {
            try (Process child = new Process(FirstChild::nothing)) {
                child.start();
                child.join();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException("interrupted while the tests were being prepared", interrupted);
            }
        }

        private static void nothing() { }
    }
}
