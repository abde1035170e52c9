package org.jmultiprocessing.process;

import java.util.List;
import org.jmultiprocessing.internal.launch.ForkServer;

/** The fork server of this process, from which children with {@link StartMethod#FORKSERVER} come ({@code multiprocessing.forkserver}). */
public final class ForkServers {
    private ForkServers() { }

    /**
     * Starts the fork server ahead, so that the first child can be forked already. Returns at once; does nothing where there is one, or none is
     * possible.
     */
    public static void prestart() {
        ForkServer.start(ProcessChild::rehearsal);
    }

    /**
     * Names classes that a fork server that is started from now on loads and initializes, for all its children to have
     * ({@code multiprocessing.set_forkserver_preload}). Their initializers must start no threads: the server is not used then, and the log says so.
     * Classes that cannot be found are left out. What an initializer opens or draws at random, all children share, except for a {@code SecureRandom}
     * of the system's kind and the random numbers that the JDK seeds itself.
     *
     * @param classNames names of classes on the class path or module path
     */
    public static void setPreload(List<String> classNames) {
        for (String name : classNames) {
            if (name.isEmpty() || name.indexOf(',') >= 0) {
                throw new IllegalArgumentException("'" + name + "' is no name of a class: use Class.getName()");
            }
        }
        ForkServer.setPreload(classNames);
    }

    /** Waits for a server that is being started; returns its process id, 0 if there is none. */
    static int await() throws InterruptedException {
        return ForkServer.await();
    }

    /** Ends the server. */
    static void stop() {
        ForkServer.stop();
    }
}
