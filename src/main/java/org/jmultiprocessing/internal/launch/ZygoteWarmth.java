package org.jmultiprocessing.internal.launch;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jmultiprocessing.internal.os.Ahead;
import org.jmultiprocessing.internal.os.AnonymousFile;
import org.jmultiprocessing.internal.os.Exiting;
import org.jmultiprocessing.internal.os.Io;
import org.jmultiprocessing.internal.os.JdkState;
import org.jmultiprocessing.internal.registry.Tree;

/** Has a fork server load and initialize what its children need, so that these load nothing. */
final class ZygoteWarmth {
    private static final String LIBRARY = "org/jmultiprocessing/";
    private static final String OS = "org.jmultiprocessing.internal.os.";
    private static final String LAUNCH = "org.jmultiprocessing.internal.launch.";
    private static final String REGISTRY = "org.jmultiprocessing.internal.registry.";

    /** What a child uses that a server must not: threads, hooks, handlers of signals. */
    private static final List<String> CHILDS_WAY = List.of(LAUNCH + "LifeLine", LAUNCH + "LifeLine$Orphaned", LAUNCH + "ChildExit",
            LAUNCH + "ChildMain", LAUNCH + "StartData", OS + "SignalNotes", OS + "Interrupts", OS + "Ahead", OS + "Waker", OS + "WordWait",
            OS + "Watcher", OS + "Watcher$Interest", OS + "Watcher$ExitWakeUp", OS + "Exiting", OS + "Fd$Readable", OS + "ProcessEnd",
            OS + "Uncaught", OS + "FdInputStream", OS + "FdOutputStream", OS + "CStrings", OS + "Threads", OS + "InterruptibleWait",
            REGISTRY + "Kept", REGISTRY + "Tree$LastExit", REGISTRY + "Tracker$Gone",
            "org.jmultiprocessing.errors.BrokenPipeException", "org.jmultiprocessing.process.ParentProcess");

    /** Of the JDK, which not every image has whole. */
    private static final String[] JDKS_WAY = {"java.util.TreeMap", "java.util.IdentityHashMap$KeyIterator",
        "jdk.internal.loader.URLClassPath$FileLoader", "jdk.internal.loader.URLClassPath$FileLoader$1", "jdk.internal.misc.Signal$1",
        "java.util.concurrent.ConcurrentLinkedDeque$Node", "java.util.concurrent.ConcurrentHashMap$KeyIterator",
        "java.util.concurrent.CopyOnWriteArrayList$COWIterator", "java.util.concurrent.locks.AbstractQueuedSynchronizer$SharedNode",
        "java.util.concurrent.locks.AbstractQueuedSynchronizer$ExclusiveNode", "java.nio.channels.spi.AbstractInterruptibleChannel",
        "java.nio.channels.spi.AbstractSelector$1", "sun.nio.ch.SelectorImpl",
        "java.lang.invoke.VarHandleBooleans$FieldInstanceReadWrite", "sun.misc.SignalHandler", "sun.misc.Signal$SunMiscHandler",
        "sun.misc.Signal$InternalMiscHandler", "sun.reflect.annotation.AnnotationParser"};

    /** Runnables of features that this package does not know. */
    private static final List<String> PRACTICES = List.of("org.jmultiprocessing.pipe.ForkPractice");
    /** The same, with shared objects. */
    private static final List<String> SHARED_PRACTICES = List.of("org.jmultiprocessing.sync.ForkPractice",
            "org.jmultiprocessing.queue.ForkPractice", "org.jmultiprocessing.pool.ForkPractice",
            "org.jmultiprocessing.manager.ForkPractice");
    private static final int SHARED_ROUNDS = 60;
    private static final int ROUNDS = 300;
    private static final int TIDY_ROUNDS = 10;
    private static final int TIDY_ENTRIES = 100;

    private static final List<Runnable> PRACTICED = new ArrayList<>();
    private static byte[] data;
    private static ChildDescriptors practised;
    private static int entries;

    private ZygoteWarmth() { }

    /** Loads classes that the program names. Returns what went wrong, or null. */
    static String preload(String names) throws InterruptedException {
        Thread[] before = threads();
        String trouble = null;
        for (String name : names.isEmpty() ? new String[0] : names.split(",")) {
            try {
                Class.forName(name, true, ClassLoader.getSystemClassLoader());
            } catch (ClassNotFoundException | LinkageError failure) {
                // As in Python, whose server ignores an ImportError: the child that needs the class says better what is wrong with it.
                continue;
            }
            Thread fresh = newThread(before);
            if (fresh != null && trouble == null) {
                trouble = "class " + name + ", which is to be preloaded, starts a thread (" + fresh.getName() + "), and a server that forks "
                        + "cannot have threads: name classes without such initializers to setForkServerPreload";
            }
        }
        System.out.flush();
        System.err.flush();
        return trouble;
    }

    /** A thread that was not there before and does not end at once. */
    private static Thread newThread(Thread[] before) throws InterruptedException {
        for (Thread thread : threads()) {
            boolean known = thread == null;
            for (Thread old : before) {
                known |= old == thread;
            }
            if (!known && !isOfRuntime(thread)) {
                thread.join(100);
                if (thread.isAlive()) {
                    return thread;
                }
            }
        }
        return null;
    }

    /** The JDK's own helpers go on in children as they do in any JVM. */
    private static boolean isOfRuntime(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return group == null || group.getName().equals("system") || group.getName().equals("InnocuousThreadGroup");
    }

    private static Thread[] threads() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        Thread[] threads = new Thread[group.activeCount() + 16];
        group.enumerate(threads);
        return threads;
    }

    /** Loads all of this library, but for what children do not use: which part of it the next child wants, nobody knows. */
    private static void loadLibrary() throws IOException, ClassNotFoundException {
        Path place = LibraryLocation.ofThis();
        if (Files.isDirectory(place)) {
            try (Stream<Path> files = Files.walk(place.resolve(LIBRARY))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    loadEntry(place.relativize(file).toString());
                    tidyAfterClass();
                }
            }
        } else {
            try (JarFile jar = new JarFile(place.toFile())) {
                for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements();) {
                    loadEntry(all.nextElement().getName());
                    tidyAfterClass();
                }
            }
        }
    }

    private static void tidyAfterClass() {
        entries++;
        if (entries % TIDY_ENTRIES == 0) {
            System.gc();
        }
    }

    private static void loadEntry(String name) throws ClassNotFoundException {
        if (name.startsWith(LIBRARY) && name.endsWith(".class") && !name.contains("/cli/") && !name.contains("/Jna")) {
            Class.forName(name.substring(0, name.length() - ".class".length()).replace('/', '.'), false, ZygoteWarmth.class.getClassLoader());
        }
    }

    /**
     * Loads and verifies classes that children have referred to, without initializing them: the next child probably refers to them too. To ask for
     * the constructors is what links a class ({@code JVM_GetClassDeclaredConstructors}).
     */
    static void load(String[] names) {
        for (String name : names) {
            try {
                Class.forName(name, false, ClassLoader.getSystemClassLoader()).getDeclaredConstructors();
            } catch (ClassNotFoundException | LinkageError failure) {
                // The child that needs it says what is wrong with it.
                continue;
            }
        }
    }

    /** Loads what a child uses before and after its task. */
    static void loadChildsWay() throws IOException, ReflectiveOperationException, InterruptedException {
        System.gc();
        loadLibrary();
        System.gc();
        for (String name : PRACTICES) {
            Runnable practice = practice(name);
            PRACTICED.add(practice);
            repeat(practice, ROUNDS);
        }
        for (String name : SHARED_PRACTICES) {
            Runnable practice = practice(name);
            Tree.practise(() -> repeat(practice, SHARED_ROUNDS));
        }
        for (String name : CHILDS_WAY) {
            Class.forName(name);
        }
        load(JDKS_WAY);
        if (Exiting.isAwaited()) {
            throw new IllegalStateException("a practice awaits the exit of the server, which children would take for theirs");
        }
        Thread thread = new Thread(null, new Nothing(), "jmp-practice", 0, false);
        thread.setDaemon(true);
        thread.start();
        thread.join();
    }

    private static Runnable practice(String name) throws ReflectiveOperationException {
        Constructor<?> constructor = Class.forName(name).getDeclaredConstructor();
        constructor.setAccessible(true);
        return (Runnable) constructor.newInstance();
    }

    private static void repeat(Runnable practice, int rounds) {
        for (int i = 0; i < rounds; i++) {
            practice.run();
            tidy(i);
        }
    }

    private static final class Nothing implements Runnable {
        @Override
        public void run() {
            // That a thread has run is all.
        }
    }

    private static int runTask() throws ClassNotFoundException {
        ChildStart start = StartData.read(data, practised);
        return ChildTask.find(start.task()).run(start);
    }

    /**
     * In a spare child: does once more what was practised. A page is copied when it is written to for the first time, and now nobody waits for that.
     */
    static void touch() throws ClassNotFoundException {
        for (Runnable practice : PRACTICED) {
            practice.run();
        }
        runTask();
        Ahead.startWatcher();
    }

    /** Each page of the heap that was ever in use is copied for each child, so garbage must not spread. */
    static void tidy(int round) {
        if (round % TIDY_ROUNDS == 0) {
            System.gc();
        }
    }

    /**
     * Runs a child's task that does next to nothing, in this process, again and again: what is called so often is compiled by then, which children
     * would otherwise begin to do, each of them. Returns its exit code.
     */
    static int practise(ChildDescriptors inherited, JdkState jdk) throws Exception {
        data = AnonymousFile.readAndClose(inherited.number(Launcher.START_DATA));
        practised = inherited;
        int code = 0;
        for (int i = 0; i < ROUNDS && code == 0; i++) {
            code = runTask();
            jdk.renew();
            tidy(i);
        }
        for (int i = 0; i < Launcher.TRANSFERRED; i++) {
            if (i != Launcher.START_DATA) {
                Io.close(new int[] {inherited.number(i)}, 0, 1);
            }
        }
        System.gc();
        return code;
    }
}
