package org.jmultiprocessing.manager;

import java.net.SocketAddress;
import java.util.Objects;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.errors.ManagerException;
import org.jmultiprocessing.errors.OsException;

/**
 * Objects in a server process that any number of processes use through proxies: Python's {@code multiprocessing.Manager()}.
 *
 * <pre>{@code
 * try (Manager manager = Manager.start()) {
 *     Map<String, Integer> dict = manager.dict();
 *     Process child = new Process(Demo::addData, dict, "a", 22);
 *     ...
 * }
 * }</pre>
 *
 * <p><b>Proxies</b> implement Java's interfaces, travel to other processes of the tree as arguments, over connections and through queues, and can be
 * put into each other. An object lives as long as some process has a proxy of it, or a proxy is under way; a process that ends, however it does, has
 * none any more, and holds no lock.
 *
 * <p><b>Calls.</b> Each is a message and an answer. A call that blocks holds up nobody else. What the server's side throws is thrown here as itself,
 * checked exceptions too, with the server's stack trace as its innermost cause. When the server has ended every call, also one under way, gets a
 * {@link ManagerException} at once.
 *
 * <p><b>Trust.</b> Whoever wants in proves that he has the key before anything of his is read; a client can call what the types of the objects that
 * it was given have, and nothing else. Processes of the tree may also send functions and any object; those that come by {@link #serve} or
 * {@link ManagerBuilder#address} may not, unless {@link ManagerBuilder#filter} or {@link ManagerBuilder#allowFunctions} says so.
 *
 * <p>Safe for any number of threads. A manager does not travel; its proxies do.
 */
public final class Manager extends ObjectFactory implements AutoCloseable {
    private final Seat seat;
    private final Handle desk;

    Manager(Seat seat, Handle desk) {
        super(seat, desk);
        this.seat = seat;
        this.desk = desk;
    }

    /**
     * Starts a server process with default options. Blocks until it can be used. The process ends with this one, and ignores Ctrl-C.
     *
     * @return the manager, to be closed
     * @throws InterruptedException if the thread is interrupted; the server is ended then
     * @throws ManagerException if the server process ends at once
     */
    public static Manager start() throws InterruptedException {
        return builder().start();
    }

    /**
     * Serves from this process with default options; see {@link ManagerBuilder#serve}.
     *
     * @param address a {@link java.net.UnixDomainSocketAddress} whose path does not exist, or a resolved {@link java.net.InetSocketAddress}
     * @param authKey what clients have to know
     * @return the manager, to be closed
     * @throws OsException if the address is in use, not allowed or too long
     */
    public static Manager serve(SocketAddress address, byte[] authKey) {
        return builder().serve(address, authKey);
    }

    /**
     * Connects to a server with default options; see {@link ManagerBuilder#connect}.
     *
     * @param address a {@link java.net.UnixDomainSocketAddress} or a resolved {@link java.net.InetSocketAddress}
     * @param authKey the server's
     * @return the manager; closing it ends this process's part only
     * @throws InterruptedException if the thread is interrupted
     * @throws OsException if nobody listens there
     * @throws AuthenticationException if either side does not have the key
     */
    public static Manager connect(SocketAddress address, byte[] authKey) throws InterruptedException {
        return builder().connect(address, authKey);
    }

    /** @return what can be set before it is there */
    public static ManagerBuilder builder() {
        return new ManagerBuilder();
    }

    // ---- own types and names ----

    /**
     * Makes an object of a registered type.
     *
     * @param <I> the interface
     * @param type an interface that was registered when the server was made
     * @return a proxy of what the factory made
     * @throws IllegalArgumentException if no type of that name is registered
     */
    public <I> I create(Class<I> type) {
        return create(type.getName(), type);
    }

    /**
     * Makes an object of a registered type.
     *
     * @param <I> the interface
     * @param typeId the name under which it was registered
     * @param type its interface
     * @return a proxy of what the factory made
     * @throws IllegalArgumentException if no type of that name is registered
     */
    public <I> I create(String typeId, Class<I> type) {
        return type.cast(desk.call(Desk.CREATE_OWN, Objects.requireNonNull(typeId, "typeId")));
    }

    /**
     * Gives an object a name, under which all clients get it by {@link #lookUp}; it stays until the server ends. Only processes of the server's own
     * tree can do that.
     *
     * @param name any name; whatever had it before is not found any more
     * @param proxy of an object of this manager
     */
    public void publish(String name, Object proxy) {
        desk.call(Desk.PUBLISH, Objects.requireNonNull(name, "name"), proxy);
    }

    /**
     * Finds an object that was published.
     *
     * @param <T> what the caller knows it to be, such as {@code QueueProxy<String>} or {@code BlockingQueue<String>}
     * @param name its name
     * @return a proxy of it
     * @throws IllegalArgumentException if nothing has that name
     */
    @SuppressWarnings("unchecked") // The caller says what it is.
    public <T> T lookUp(String name) {
        return (T) desk.call(Desk.LOOK_UP, Objects.requireNonNull(name, "name"));
    }

    /** @return how many objects clients refer to, at an instant during the call; Python's {@code _number_of_objects} */
    public int numberOfObjects() {
        return (Integer) desk.call(Desk.NUMBER_OF_OBJECTS);
    }

    // ---- the server ----

    /** @return where the server listens; of a port 0 the one that the system chose */
    public SocketAddress address() {
        return seat.address();
    }

    /**
     * Serves until another thread calls {@link #close}. Blocks. Only of {@link #serve}.
     *
     * @throws InterruptedException if the thread is interrupted; the server goes on
     * @throws ManagerException {@code Already started server}: the server is another process, or another thread is here
     */
    public void serveForever() throws InterruptedException {
        seat.serveForever();
    }

    /**
     * Waits for the end of the server's process. Blocks. Only of {@link #start}.
     *
     * @throws InterruptedException if the thread is interrupted
     * @throws ManagerException if this process has not started the server
     */
    public void join() throws InterruptedException {
        seat.join();
    }

    /**
     * Ends the server, if this process started it or serves, or else the connection to it. A server process is asked to end; if it has not after the
     * time that {@link ManagerBuilder#shutdownTimeout} says, it is terminated, and after the same time killed. An interrupt hurries that. Afterwards
     * every call of every proxy gets a {@link ManagerException} ({@code Manager has shut down}). Does nothing the second time.
     */
    public void shutdown() {
        seat.end();
    }

    /** As {@link #shutdown}. */
    @Override
    public void close() {
        shutdown();
    }

    /** @return where its server is */
    @Override
    public String toString() {
        return "<Manager at " + address() + (seat.hasEnded() ? " shut down>" : ">");
    }
}
