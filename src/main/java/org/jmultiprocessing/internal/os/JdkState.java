package org.jmultiprocessing.internal.os;

import java.io.File;
import java.nio.file.FileSystems;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jmultiprocessing.internal.ffi.Binding;

/**
 * What the JDK remembers of the process that it was in, and has to forget in a forked child: random numbers, the process's id, its hooks,
 * environment and directory. A source of random numbers that the program made itself, other than a {@code SecureRandom} of the system's kind, goes on
 * in the child where it stood in the parent, as in Python.
 */
public final class JdkState {
    /** They are a module of their own up to JDK 24, which an image may lack. */
    private static final List<String> GENERATOR_PACKAGES = List.of("jdk.random.", "jdk.internal.random.");
    private static final List<String> GENERATORS = List.of("L128X1024MixRandom", "L128X128MixRandom", "L128X256MixRandom", "L32X64MixRandom",
            "L64X1024MixRandom", "L64X128MixRandom", "L64X128StarStarRandom", "L64X256MixRandom", "Xoroshiro128PlusPlus", "Xoshiro256PlusPlus");
    private static final List<String> NATIVE_SOURCES = List.of("", "$Blocking", "$NonBlocking");

    private final List<AtomicLong> counters = new ArrayList<>();
    private final JdkField threadSeed = JdkField.find(Thread.class, false, "threadLocalRandomSeed", "J");
    private final JdkField threadProbe = JdkField.find(Thread.class, false, "threadLocalRandomProbe", "I");
    private final Random mathRandom;
    private final List<Object> sources = new ArrayList<>();
    private final JdkField buffered = JdkField.find("sun.security.provider.NativePRNG$RandomIO", false, "buffered", "I");
    private final JdkField mixer = JdkField.find("sun.security.provider.NativePRNG$RandomIO", false, "mixRandom",
            "Lsun/security/provider/SecureRandom;");
    private final List<JdkField> sourceLocks = List.of(sourceLock("LOCK_GET_BYTES"), sourceLock("LOCK_GET_SEED"), sourceLock("LOCK_SET_SEED"));
    private final JdkField processId = JdkField.find("java.lang.ProcessHandleImpl", false, "pid", "J");
    private final JdkField processStart = JdkField.find("java.lang.ProcessHandleImpl", false, "startTime", "J");
    private final StandardStreams streams = new StandardStreams();
    private final NativeMethod startOfProcess;
    private final JdkField hooks = JdkField.find("java.lang.ApplicationShutdownHooks", true, "hooks", "Ljava/util/IdentityHashMap;");
    private final JdkField deletedOnExit = JdkField.find("java.io.DeleteOnExitHook", true, "files", "Ljava/util/LinkedHashSet;");

    private JdkState(boolean everything) {
        // What is not started yet would start from the same state in each child.
        ThreadLocalRandom.current();
        Math.random();
        new SecureRandom().nextInt();
        counters.add(JdkField.counter("java.util.concurrent.ThreadLocalRandom", "seeder"));
        counters.add(JdkField.counter("java.util.SplittableRandom", "defaultGen"));
        counters.add(JdkField.counter("java.util.Random", "seedUniquifier"));
        if (everything) {
            addGenerators();
        }
        mathRandom = (Random) JdkField.find("java.lang.Math$RandomNumberGeneratorHolder", true, "randomNumberGenerator", "Ljava/util/Random;")
                .get(null);
        for (String kind : NATIVE_SOURCES) {
            Object source = JdkField.find("sun.security.provider.NativePRNG" + kind, true, "INSTANCE",
                    "Lsun/security/provider/NativePRNG$RandomIO;").get(null);
            if (source != null) {
                sources.add(source);
            }
        }
        Class<?> process = ProcessHandle.current().getClass();
        startOfProcess = NativeMethod.find(process, "isAlive0", "(J)J", false, List.of("J"), "J");
        if (startOfProcess == null) {
            throw new UnsupportedOperationException("this JDK's ProcessHandle is not as expected");
        }
    }

    private static JdkField sourceLock(String name) {
        return JdkField.find("sun.security.provider.NativePRNG$RandomIO", false, name, "Ljava/lang/Object;");
    }

    private void addGenerators() {
        for (String generator : GENERATORS) {
            for (String place : GENERATOR_PACKAGES) {
                AtomicLong counter = JdkField.counterIfThere(place + generator, "defaultGen", "DEFAULT_GEN");
                if (counter != null) {
                    counters.add(counter);
                }
            }
        }
    }

    /**
     * In a process that is about to fork: finds what there is to renew, which loads and initializes classes.
     *
     * @param everything whether code of the program's may have run in this process, so that anything may be in use
     * @return for the children
     * @throws UnsupportedOperationException if this JDK is not as expected
     */
    public static JdkState find(boolean everything) {
        return new JdkState(everything);
    }

    /**
     * In the child: renews it all, but for environment and directory.
     *
     * @throws Exception if the JDK refuses
     */
    public void renew() throws Exception {
        for (AtomicLong counter : counters) {
            counter.set(RandomBytes.nextLong());
        }
        Thread self = Thread.currentThread();
        long seed = RandomBytes.nextLong();
        threadSeed.setLong(self, seed);
        threadProbe.setInt(self, (int) (seed >>> 32) | 1);
        mathRandom.setSeed(RandomBytes.nextLong());
        for (Object source : sources) {
            buffered.setInt(source, 0);
            mixer.set(source, null);
            for (JdkField lock : sourceLocks) {
                lock.set(source, new Object());
            }
        }
        Long pid = (long) Binding.posix().pid();
        // The object stays: compiled code may know it by heart.
        ProcessHandle current = ProcessHandle.current();
        processStart.setLong(current, (Long) startOfProcess.call(new Object[] {pid}));
        processId.setLong(current, pid);
        hooks.set(null, new IdentityHashMap<Thread, Thread>());
        deletedOnExit.set(null, new LinkedHashSet<String>());
    }

    /**
     * In the child of a process that had threads of its own: standard streams that none of them has locked.
     *
     * @throws Exception if the JDK refuses
     */
    void renewStreams() throws Exception {
        streams.renew();
    }

    /** In the parent, before it forks: what is in the buffers of its standard streams is written once. */
    public static void flushStreams() {
        StandardStreams.flush();
    }

    /**
     * In a child that was given another environment: has {@code System.getenv} show it.
     *
     * @throws Exception if the JDK refuses, or is not as expected
     */
    public static void renewEnvironment() throws Exception {
        Class<?> type = Class.forName("java.lang.ProcessEnvironment");
        @SuppressWarnings("unchecked")
        Map<Object, Object> known = (HashMap<Object, Object>) JdkField.find(type, true, "theEnvironment", "Ljava/util/HashMap;").get(null);
        byte[][] now = (byte[][]) NativeMethod.find(type, "environ", "()[[B", false, List.of(), "[[B").call(new Object[0]);
        NativeMethod variable = ofBytes("java.lang.ProcessEnvironment$Variable");
        NativeMethod value = ofBytes("java.lang.ProcessEnvironment$Value");
        known.clear();
        for (int i = 0; i < now.length; i += 2) {
            known.put(variable.call(new Object[] {now[i]}), value.call(new Object[] {now[i + 1]}));
        }
    }

    private static NativeMethod ofBytes(String type) throws ClassNotFoundException {
        return NativeMethod.find(Class.forName(type), "valueOf", "([B)L" + type.replace('.', '/') + ";", false, List.of("[B"), "L");
    }

    /**
     * In a child that was given another directory: has the JDK take relative paths against it.
     *
     * @param directory absolute
     */
    public static void renewDirectory(String directory) {
        System.setProperty("user.dir", directory);
        Object files = JdkField.findEither(File.class, "FS", "fs", "Ljava/io/FileSystem;").get(null);
        JdkField.find(files.getClass(), false, "userDir", "Ljava/lang/String;").set(files, directory);
        byte[] terminated = CStrings.of(directory);
        byte[] bytes = new byte[terminated.length - 1];
        System.arraycopy(terminated, 0, bytes, 0, bytes.length);
        JdkField.find("sun.nio.fs.UnixFileSystem", false, "defaultDirectory", "[B").set(FileSystems.getDefault(), bytes);
    }
}
