package org.jmultiprocessing;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jmultiprocessing.process.ChildPrograms;
import org.jmultiprocessing.process.AtFork;
import org.jmultiprocessing.process.CurrentProcess;
import org.jmultiprocessing.process.ForkServers;
import org.jmultiprocessing.process.ParentProcess;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.process.StartMethod;

/** The functions of Python's {@code multiprocessing} module that belong to no object. All of them may be called from any thread; none blocks. */
public final class Multiprocessing {
    private Multiprocessing() { }

    /** @return how many CPUs this process may use ({@code multiprocessing.cpu_count}; as Python's {@code process_cpu_count} it heeds affinity) */
    public static int cpuCount() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** @return the process that runs this code */
    public static CurrentProcess currentProcess() {
        return CurrentProcess.get();
    }

    /** @return the process that started this one; empty in a process that this library did not start */
    public static Optional<ParentProcess> parentProcess() {
        return ParentProcess.get();
    }

    /** @return the children of this process that were started and have not ended, oldest first */
    public static List<Process> activeChildren() {
        return Process.active();
    }

    /** @return the start method used where none is named; asking fixes it */
    public static StartMethod startMethod() {
        return StartMethod.current();
    }

    /** @return the start method used where none is named, empty while open; asking does not fix it ({@code get_start_method(allow_none=True)}) */
    public static Optional<StartMethod> startMethodIfChosen() {
        return StartMethod.ifChosen();
    }

    /**
     * Chooses the start method used where none is named; children inherit it.
     *
     * @param method the method
     * @throws IllegalStateException {@code context has already been set}
     */
    public static void setStartMethod(StartMethod method) {
        StartMethod.choose(method, false);
    }

    /**
     * Chooses the start method used where none is named, also after it has been set.
     *
     * @param method the method
     */
    public static void forceStartMethod(StartMethod method) {
        StartMethod.choose(method, true);
    }

    /** @return the start methods that work here, the default one first */
    public static List<StartMethod> allStartMethods() {
        return StartMethod.available();
    }

    /**
     * @param method a start method that works here
     * @return the API bound to it
     */
    public static Context context(StartMethod method) {
        return new Context(method);
    }

    /**
     * @param method the name of a start method, such as {@code spawn}
     * @return the API bound to it
     * @throws IllegalArgumentException {@code cannot find context for 'x'}
     */
    public static Context context(String method) {
        return new Context(StartMethod.of(method));
    }

    /**
     * Names another {@code java} program for the children ({@code multiprocessing.set_executable}), such as one of another JDK.
     *
     * @param java path of an executable {@code java}, 17 or later
     */
    public static void setExecutable(Path java) {
        ChildPrograms.setExecutable(java);
    }

    /** Starts the fork server ahead, so that the first child with {@link StartMethod#FORKSERVER} can be forked already. Returns at once. */
    public static void prestartForkServer() {
        ForkServers.prestart();
    }

    /**
     * Names classes that fork servers load and initialize for all their children ({@code multiprocessing.set_forkserver_preload}); see
     * {@link ForkServers#setPreload}.
     *
     * @param classNames names of classes on the class path or module path
     */
    public static void setForkServerPreload(List<String> classNames) {
        ForkServers.setPreload(classNames);
    }

    /**
     * Has something done around each fork of this JVM ({@link StartMethod#FORK}; Python's {@code os.register_at_fork}), in its children too. Each may
     * be null. An exception of the first two comes out of {@code start()}; one of the last ends the child with exit code 1.
     *
     * @param beforeFork in the parent before a fork, the last registered first; stops and saves what a copy would spoil
     * @param afterForkInParent in the parent after it, whether there is a child or not
     * @param afterForkInChild in the child before its target
     */
    public static void registerAtFork(Runnable beforeFork, Runnable afterForkInParent, Runnable afterForkInChild) {
        AtFork.register(beforeFork, afterForkInParent, afterForkInChild);
    }

    /** @return the library's logger, {@code org.jmultiprocessing} */
    public static System.Logger logger() {
        return System.getLogger("org.jmultiprocessing");
    }
}
