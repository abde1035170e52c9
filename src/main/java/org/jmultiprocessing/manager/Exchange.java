package org.jmultiprocessing.manager;

/**
 * Between whom the message goes that this thread writes or reads. A proxy that is met in it is, between its server and a client, no more than the
 * object's number; anywhere else it needs all that leads to the server.
 *
 * @param link in a client; null in a server
 * @param session in a server; null in a client
 */
record Exchange(Link link, Session session) {
    private static final ThreadLocal<Exchange> CURRENT = new ThreadLocal<>();

    /** The one under way, or null. */
    static Exchange current() {
        return CURRENT.get();
    }

    /** Begins; returns what was under way, for {@link #end}. */
    Exchange begin() {
        Exchange before = CURRENT.get();
        CURRENT.set(this);
        return before;
    }

    static void end(Exchange before) {
        CURRENT.set(before);
    }
}
