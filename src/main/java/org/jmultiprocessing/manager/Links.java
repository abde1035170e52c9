package org.jmultiprocessing.manager;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jmultiprocessing.internal.os.Forking;

/** The sessions that this process has with servers. Safe for any number of threads. */
final class Links {
    private static final Map<Long, Link> BY_SERVER = new ConcurrentHashMap<>();
    private static final Set<Link> ALL = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    static {
        Forking.inChild(Forking.Phase.MEND, new Inheriting());
    }

    private Links() { }

    /** A class, not a lambda: many a child comes here. */
    private static final class Inheriting implements Runnable {
        @Override
        public void run() {
            ALL.forEach(Link::inherit);
        }
    }

    /** The first session with a server is the one that proxies which come from elsewhere use. */
    static void add(Link link) {
        BY_SERVER.putIfAbsent(link.server(), link);
        ALL.add(link);
    }

    /** Returns null if there is none. */
    static Link to(long server) {
        return BY_SERVER.get(server);
    }

    static void remove(Link link) {
        BY_SERVER.remove(link.server(), link);
        ALL.remove(link);
    }
}
