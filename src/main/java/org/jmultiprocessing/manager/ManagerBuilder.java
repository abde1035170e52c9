package org.jmultiprocessing.manager;

import java.io.ObjectInputFilter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jmultiprocessing.errors.AuthenticationException;
import org.jmultiprocessing.errors.ManagerException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.RandomBytes;
import org.jmultiprocessing.process.Builder;
import org.jmultiprocessing.process.StartMethod;
import org.jmultiprocessing.task.Function0;
import org.jmultiprocessing.task.Task;

/** The options of a {@link Manager} ({@code Manager.builder()}). Belongs to one thread; can make any number of managers. */
public final class ManagerBuilder {
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(1);

    /** A server does little at a time and is to be fast from the first call on: it reaches its speed in half as many calls. */
    private static final String QUICK = "-XX:TieredStopAtLevel=1";

    private final Types types = new Types();
    private final List<String> jvmOptions = new ArrayList<>();
    private Task initializer;
    private Duration shutdownTimeout = USUAL_TIMEOUT;
    private StartMethod startMethod;
    private String name;
    private SocketAddress address;
    private byte[] authKey;
    private boolean functions;
    private String filter;
    private SSLContext tls;

    ManagerBuilder() { }

    // ---- what it makes ----

    /**
     * Makes objects of one's own available: {@link Manager#create(Class)} then gives a proxy that implements the interface, whose methods are called
     * in the server. Nothing else of the object can be called. A result whose declared type is a registered interface stays in the server, and the
     * caller gets a proxy of it; any other result is copied. The object has to allow several calls at a time.
     *
     * @param <I> the interface
     * @param type the interface; its name is the type's name
     * @param factory makes an object in the server, or gives always the same one
     * @return this
     * @throws IllegalArgumentException if it is no interface
     */
    public <I> ManagerBuilder register(Class<I> type, Function0<? extends I> factory) {
        return register(type.getName(), type, factory);
    }

    /**
     * As {@link #register(Class, Function0)}, under a name: Python's {@code register(typeid, callable)}.
     *
     * @param <I> the interface
     * @param typeId the type's name
     * @param type the interface
     * @param factory makes an object in the server, or gives always the same one
     * @return this
     * @throws IllegalArgumentException if it is no interface
     */
    public <I> ManagerBuilder register(String typeId, Class<I> type, Function0<? extends I> factory) {
        types.add(new Types.Type(Objects.requireNonNull(typeId, "typeId"), type, Objects.requireNonNull(factory, "factory")));
        return this;
    }

    // ---- the server's process ----

    /**
     * @param task runs in the server's process before anything else; if it fails the manager does not start
     * @return this
     */
    public ManagerBuilder initializer(Task task) {
        initializer = task;
        return this;
    }

    /**
     * @param timeout how long {@link Manager#shutdown} waits after asking, and again after terminating; 1 s unless set
     * @return this
     */
    public ManagerBuilder shutdownTimeout(Duration timeout) {
        shutdownTimeout = Objects.requireNonNull(timeout, "timeout");
        return this;
    }

    /**
     * @param method how the server's process comes into being
     * @return this
     */
    public ManagerBuilder startMethod(StartMethod method) {
        startMethod = Objects.requireNonNull(method, "method");
        return this;
    }

    /**
     * @param newName the server process's name
     * @return this
     */
    public ManagerBuilder name(String newName) {
        name = Objects.requireNonNull(newName, "newName");
        return this;
    }

    /**
     * Adds options for the server's JVM, which is otherwise told to compile quickly rather than well ({@code -XX:TieredStopAtLevel=1}): say
     * {@code -XX:TieredStopAtLevel=4} if functions compute much there.
     *
     * @param options such as {@code -Xmx256m}
     * @return this
     */
    public ManagerBuilder jvmOptions(String... options) {
        jvmOptions.addAll(List.of(options));
        return this;
    }

    // ---- others than the own tree ----

    /**
     * Lets processes outside this tree in, too: what {@link #start} makes listens here besides.
     *
     * @param newAddress a {@link java.net.UnixDomainSocketAddress} whose path does not exist, or a resolved {@link InetSocketAddress}
     * @param newAuthKey what clients have to know
     * @return this
     */
    public ManagerBuilder address(SocketAddress newAddress, byte[] newAuthKey) {
        address = Objects.requireNonNull(newAddress, "newAddress");
        authKey = newAuthKey.clone();
        return this;
    }

    /**
     * Runs functions that clients outside the process tree send, in {@code compute} and the like, and accepts all objects of theirs. <b>Everybody who
     * has the key can then run any code in the server.</b> Of {@link #connect}: trusts the server as far, and sends it functions if it takes them.
     *
     * @return this
     */
    public ManagerBuilder allowFunctions() {
        functions = true;
        return this;
    }

    /**
     * Lets the other side send objects besides the compact types (null, boxed primitives, strings, primitive arrays, lists, sets and maps of such).
     *
     * @param pattern which classes, in the form of {@link ObjectInputFilter.Config#createFilter}: {@code com.example.*;!*}
     * @return this
     */
    public ManagerBuilder filter(String pattern) {
        ObjectInputFilter.Config.createFilter(pattern);
        filter = pattern;
        return this;
    }

    /**
     * Encrypts, over TCP. A client makes sure that the server's certificate is that of the host to which it connects. The key is needed nevertheless.
     *
     * @param context has the server's certificate, or whom the client trusts
     * @return this
     */
    public ManagerBuilder tls(SSLContext context) {
        tls = Objects.requireNonNull(context, "context");
        return this;
    }

    // ---- the manager ----

    /**
     * Starts a server process. Blocks until it can be used.
     *
     * @return the manager, to be closed
     * @throws InterruptedException if the thread is interrupted; the server is ended then
     * @throws ManagerException if the server process ends at once
     * @throws RuntimeException what the initializer threw, as itself
     */
    public Manager start() throws InterruptedException {
        if (tls != null) {
            throw new IllegalArgumentException("an SSLContext cannot be sent to a server process: serve over TLS from this one, by serve()");
        }
        Object[] others = address == null ? null : new Object[] {new Route(address, authKey, null, false).text(), authKey, functions, filter};
        return StartedServer.start(this, others);
    }

    /**
     * Serves from this process: {@code get_server()} of Python. Does not block; {@link Manager#serveForever} does.
     *
     * @param at a {@link java.net.UnixDomainSocketAddress} whose path does not exist, or a resolved {@link InetSocketAddress} (port 0 for any)
     * @param key what clients have to know
     * @return the manager, to be closed
     * @throws OsException if the address is in use, not allowed or too long
     */
    public Manager serve(SocketAddress at, byte[] key) {
        checkTls(at);
        Server server = new Server(newNumber(), types.copy());
        boolean open = false;
        try {
            Entrance entrance = Entrance.forOthers(at, key.clone(), tls, objectFilter(), functions);
            server.open(entrance);
            open = true;
            return new Manager(new ServedHere(server, entrance.address()), new LocalHandle(server, server.desk()));
        } finally {
            if (!open) {
                server.close();
            }
        }
    }

    /**
     * Connects to a server, which may be on another machine. Blocks. The server's answers may hold the compact types only, unless {@link #filter} or
     * {@link #allowFunctions} says otherwise.
     *
     * @param to where it is: a {@link java.net.UnixDomainSocketAddress} or a resolved {@link InetSocketAddress}
     * @param key the server's
     * @return the manager; closing it ends this process's part only
     * @throws InterruptedException if the thread is interrupted
     * @throws OsException if nobody listens there
     * @throws AuthenticationException if either side does not have the key
     */
    public Manager connect(SocketAddress to, byte[] key) throws InterruptedException {
        checkTls(to);
        Link link = Link.open(new Route(to, key.clone(), tls, false), Entrance.codec(objectFilter(), functions));
        return new Manager(new Connected(link), link.desk());
    }

    private ObjectInputFilter objectFilter() {
        return filter == null ? null : ObjectInputFilter.Config.createFilter(filter);
    }

    private void checkTls(SocketAddress at) {
        if (tls != null && !(at instanceof InetSocketAddress)) {
            throw new IllegalArgumentException("TLS is for TCP, and " + at + " is no internet address");
        }
    }

    /** Any but 0. */
    static long newNumber() {
        return RandomBytes.nextLong() | 1;
    }

    // ---- for this package ----

    Types types() {
        return types;
    }

    Task initializer() {
        return initializer;
    }

    Duration shutdownTimeout() {
        return shutdownTimeout;
    }

    /** The server's process, with its options, not started. */
    Builder with(Builder process) {
        StartMethod method = startMethod != null ? startMethod : StartMethod.current();
        process.daemon(true).startMethod(method);
        if (method == StartMethod.SPAWN) {
            // Others take a JVM that is there, as long as nobody wants options.
            process.jvmOptions(QUICK);
        }
        process.jvmOptions(jvmOptions.toArray(new String[0]));
        if (name != null) {
            process.name(name);
        }
        return process;
    }
}
