package org.jmultiprocessing.manager;

import java.io.ObjectInputFilter;
import org.jmultiprocessing.internal.os.Interrupts;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.task.Function0;
import org.jmultiprocessing.task.Task;

/**
 * The server's process. What it is to be comes in arrays of simple things, which a fresh JVM reads fastest.
 */
final class ServerMain {
    private static final int TYPE_PARTS = 3;

    private ServerMain() { }

    /**
     * Describes a server.
     *
     * @param number which server it is
     * @param path where it listens for its tree
     * @param key the secret for that
     * @param others where it listens for others: an address, a key, whether they may send functions, a filter; null for nowhere
     * @param initializer runs first; null for none
     * @param types what was registered
     */
    static Object[] describe(long number, String path, byte[] key, Object[] others, Task initializer, Types types) {
        Object[] own = new Object[types.all().size() * TYPE_PARTS];
        int at = 0;
        for (Types.Type type : types.all()) {
            own[at++] = type.name();
            own[at++] = type.exposed().getName();
            own[at++] = type.factory();
        }
        return new Object[] {number, path, key, others, initializer, own};
    }

    /**
     * The target of the server's process.
     *
     * @param description see {@link #describe}
     * @param starter gets the failure, or what {@link Server#welcome} sends
     * @param calls the starter's first connection for calls
     */
    static void run(Object[] description, Connection starter, Connection calls) throws Exception {
        Interrupts.ignore();
        Server server;
        try {
            Task initializer = (Task) description[4];
            if (initializer != null) {
                initializer.run();
            }
            server = server(description);
        } catch (Exception | Error e) {
            starter.send(e);
            throw e;
        }
        try (server) {
            server.welcome(starter, calls);
            // Who was told where to come waits at the socket; the starter waits for this thread.
            server.acceptAll();
            server.awaitStop();
        }
    }

    private static Server server(Object[] description) throws ClassNotFoundException {
        Server server = new Server((Long) description[0], types((Object[]) description[5]));
        boolean open = false;
        try {
            server.add(Entrance.forTree((String) description[1], (byte[]) description[2]));
            Object[] others = (Object[]) description[3];
            if (others != null) {
                String filter = (String) others[3];
                server.add(Entrance.forOthers(Route.parse((String) others[0]), (byte[]) others[1], null,
                        filter == null ? null : ObjectInputFilter.Config.createFilter(filter), (Boolean) others[2]));
            }
            open = true;
            return server;
        } finally {
            if (!open) {
                server.close();
            }
        }
    }

    private static Types types(Object[] own) throws ClassNotFoundException {
        Types types = new Types();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        for (int i = 0; i < own.length; i += TYPE_PARTS) {
            Class<?> exposed = Class.forName((String) own[i + 1], false, loader);
            types.add(new Types.Type((String) own[i], exposed, (Function0<?>) own[i + 2]));
        }
        return types;
    }
}
