package org.jmultiprocessing.internal.os;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.Posix;

/**
 * The process's one thread that waits for descriptors on behalf of others: of children that end, and of virtual threads, which must not block
 * their carrier. Listeners run on the watcher's thread, so they only hand over. Every child starts one to watch its life line, so there is no
 * lambda here: the first one of a JVM takes it ten milliseconds.
 */
final class Watcher implements Runnable {
    /** Told once that a descriptor is ready. */
    @FunctionalInterface
    interface Listener {
        /** Called on the watcher's thread; must not block or throw. */
        void ready();
    }

    private record Interest(int events, Listener listener) { }

    private static final int BATCH = 64;

    private static Watcher instance;

    static {
        Forking.inChild(Forking.Phase.FORGET, new Forgetting());
    }

    private final Posix posix = Binding.posix();
    private final int watch = OsErrors.check("epoll_create", "", posix.watchCreate());
    private final Map<Integer, List<Interest>> interests = new HashMap<>();

    private Watcher() { }

    static synchronized Watcher get() {
        if (instance == null) {
            Watcher watcher = new Watcher();
            watcher.start();
            instance = watcher;
            Exiting.prepare(watcher.new ExitWakeUp());
        }
        return instance;
    }

    /** In a forked child: the thread is not here, and the parent's watch is not this process's to change. */
    private static final class Forgetting implements Runnable {
        @Override
        public void run() {
            if (instance != null) {
                instance.posix.close(instance.watch);
                instance = null;
            }
        }
    }

    private void start() {
        Thread thread = new Thread(null, this, "jmp-watcher", 256 << 10, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            posix.close(watch);
            throw noThread;
        }
    }

    /** Brings the watcher out of its native wait by an event of its own. */
    private final class ExitWakeUp implements Runnable, Listener {
        @Override
        public void run() {
            int[] fds = new int[2];
            OsErrors.check("eventfd", "", posix.wakeCreate(fds));
            OsErrors.check("eventfd", "", posix.wakeSignal(fds[1]));
            add(fds[0], Posix.READABLE, this);
        }

        @Override
        public void ready() {
            // Being woken is all.
        }
    }

    /** Calls the listener once, when one of the events is there. The descriptor must stay open until then or until {@link #remove}. */
    void add(int fd, int events, Listener listener) {
        synchronized (interests) {
            List<Interest> waiting = interests.get(fd);
            if (waiting == null) {
                waiting = new ArrayList<>(1);
                interests.put(fd, waiting);
            }
            waiting.add(new Interest(events, listener));
            int result = arm(fd, waiting);
            if (result < 0) {
                forget(fd, listener);
                throw OsErrors.of("epoll_ctl", "fd " + fd, result);
            }
        }
    }

    /** The listener is not called from now on, but for a call already under way. */
    void remove(int fd, Listener listener) {
        synchronized (interests) {
            forget(fd, listener);
        }
    }

    private void forget(int fd, Listener listener) {
        List<Interest> waiting = interests.get(fd);
        if (waiting == null) {
            return;
        }
        for (Iterator<Interest> each = waiting.iterator(); each.hasNext();) {
            if (each.next().listener == listener) {
                each.remove();
            }
        }
        if (waiting.isEmpty()) {
            interests.remove(fd);
            posix.watchRemove(watch, fd);
        }
    }

    private int arm(int fd, List<Interest> waiting) {
        int events = 0;
        for (Interest interest : waiting) {
            events |= interest.events;
        }
        return posix.watchAdd(watch, fd, events);
    }

    @Override
    public void run() {
        int[] fds = new int[BATCH];
        int[] events = new int[BATCH];
        List<Listener> ready = new ArrayList<>();
        while (true) {
            int count = posix.watchWait(watch, fds, events, Exiting.bound(-1));
            if (count < 0) {
                throw OsErrors.of("epoll_wait", "", count);
            }
            if (count == 0) {
                Exiting.pause(-1);
                continue;
            }
            synchronized (interests) {
                for (int i = 0; i < count; i++) {
                    collect(fds[i], events[i], ready);
                }
            }
            for (Listener listener : ready) {
                tell(listener);
            }
            ready.clear();
        }
    }

    /** One listener that fails takes nothing from the others. */
    private static void tell(Listener listener) {
        try {
            listener.ready();
        } catch (Throwable failure) {
            Uncaught.tell(failure);
        }
    }

    private void collect(int fd, int events, List<Listener> ready) {
        List<Interest> waiting = interests.get(fd);
        if (waiting == null) {
            return;
        }
        for (Iterator<Interest> each = waiting.iterator(); each.hasNext();) {
            Interest interest = each.next();
            if ((interest.events & events) != 0) {
                ready.add(interest.listener);
                each.remove();
            }
        }
        if (waiting.isEmpty()) {
            interests.remove(fd);
            posix.watchRemove(watch, fd);
        } else {
            arm(fd, waiting);
        }
    }
}
