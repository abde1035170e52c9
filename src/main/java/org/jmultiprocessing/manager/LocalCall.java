package org.jmultiprocessing.manager;

/** A call that comes from within the server's process, and where its result goes. */
final class LocalCall implements Caller, Reply {
    private final Server server;
    private Object result;

    LocalCall(Server server) {
        this.server = server;
    }

    Object result() {
        return result;
    }

    @Override
    public Session session() {
        return server.ownSession();
    }

    @Override
    public long thread() {
        return Thread.currentThread().getId();
    }

    @Override
    public Server server() {
        return server;
    }

    @Override
    public boolean share(String file) {
        return false;
    }

    @Override
    public void value(Object value) {
        result = value;
    }

    @Override
    public void object(ServerObject object) {
        result = Proxies.of(new LocalHandle(server, object));
    }

    @Override
    public void taken(Referent from, Object item) {
        // What a local call takes has arrived.
    }
}
