package org.jmultiprocessing.internal.os;

import java.lang.ref.Cleaner;
import java.util.concurrent.ThreadFactory;

/**
 * The library's cleaner, which takes apart what became unreachable. Started on first need: a fresh child does not pay for its thread. A static
 * initializer that fails once would fail for ever.
 */
public final class Cleaning {
    private static Cleaner cleaner;

    private Cleaning() { }

    static {
        Forking.inChild(Forking.Phase.FORGET, new Forgetting());
    }

    /** In a forked child: the thread is not here, so what the parent had registered is never cleaned by it, only when somebody closes it. */
    private static final class Forgetting implements Runnable {
        @Override
        public void run() {
            cleaner = null;
        }
    }

    static synchronized Cleaner cleaner() {
        if (cleaner == null) {
            cleaner = Cleaner.create(new Threads());
        }
        return cleaner;
    }

    /**
     * @param object what is watched
     * @param action called once when it is unreachable, by the cleaner's thread; must not reach it
     * @return calls the action now, if it was not called yet
     */
    public static Cleaner.Cleanable register(Object object, Runnable action) {
        return cleaner().register(object, action);
    }

    private static final class Threads implements ThreadFactory {
        @Override
        public Thread newThread(Runnable task) {
            Thread thread = new Thread(null, task, "jmp-cleaner", 128 << 10, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
        }
    }
}
