/**
 * Processes with the interface of threads, and pipes between them: what Python's {@code multiprocessing} gives Python.
 *
 * <p>{@link org.jmultiprocessing.Multiprocessing} is the way in.
 */
module org.jmultiprocessing {
    requires com.sun.jna;
    requires com.sun.jna.platform;
    requires java.management;
    // For sun.misc.Signal under the JNA binding, which looks it up by name.
    requires jdk.unsupported;
    // For pools that show their progress.
    requires static me.tongfei.progressbar;

    exports org.jmultiprocessing;
    exports org.jmultiprocessing.cli;
    exports org.jmultiprocessing.errors;
    exports org.jmultiprocessing.manager;
    exports org.jmultiprocessing.pipe;
    exports org.jmultiprocessing.pool;
    exports org.jmultiprocessing.process;
    exports org.jmultiprocessing.queue;
    exports org.jmultiprocessing.sharedmemory;
    exports org.jmultiprocessing.spi;
    exports org.jmultiprocessing.sync;
    exports org.jmultiprocessing.task;
}
