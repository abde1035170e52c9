package org.jmultiprocessing.internal.launch;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.internal.os.ChildBinding;
import org.jmultiprocessing.internal.os.ChildPid;
import org.jmultiprocessing.internal.os.ChildStdio;
import org.jmultiprocessing.internal.os.SpawnRequest;
import org.jmultiprocessing.internal.os.UserCache;
import org.jmultiprocessing.internal.registry.Diagnostics;
import org.jmultiprocessing.internal.registry.DoctorSection;

/**
 * The class archive that children map instead of loading and verifying our classes one by one: a dynamic class-data archive on JDK 17 to 24, an AOT
 * cache as of 25. It lies in the user's cache folder and is made once for each version of our jar and of the JDK, by a process of its own at low
 * priority, while the program goes on; the first children do without it. Where the class path has nothing but jars it holds the classes of the
 * children's targets too, so that a child need not open a jar; it is made anew for those that it lacks.
 *
 * <p>System property {@value #PROPERTY}: {@code auto} as said, {@code off} for none, or the path of an archive to use as it is. There is none for
 * children whose classes of ours are in a folder instead of a jar, or in a module, that run on another JDK than this process, or whose options the
 * JVM does not combine with archives (agents, debuggers, ZGC, {@code --patch-module} and its like).
 */
public final class ClassArchive {
    /** System property: {@code auto}, {@code off} or a file. */
    public static final String PROPERTY = "jmultiprocessing.archive";

    private static final String AUTO = "auto";
    private static final String OFF = "off";
    private static final int NICENESS = 10;
    /** An archive is widened no more when it has so many classes of the program's by name. */
    private static final int MOST_ROOTS = 64;
    private static final int MAKING_SECONDS = 60;

    /** Archives that were found to be ready, by the description of their keys; each is looked at once. */
    private static final Map<String, Path> READY = new ConcurrentHashMap<>();
    private static final AtomicBoolean TRIED = new AtomicBoolean();
    /** The program's classes that each of them was made with. */
    private static final Map<String, Set<String>> HELD = new ConcurrentHashMap<>();
    private static final AtomicBoolean WIDENED = new AtomicBoolean();

    private static volatile String trouble = "";
    /** Completed when the maker that this process started has ended. */
    private static volatile CompletableFuture<ExitStatus> making = CompletableFuture.completedFuture(null);

    static {
        Diagnostics.register(new Report());
    }

    private ClassArchive() { }

    /** In a forked child: one that is being made is its parent's matter. */
    static void forget() {
        making = CompletableFuture.completedFuture(null);
    }

    /** @return which archive serves a child; null if none does */
    static ArchiveKey key(ChildJava runtime, List<String> particular, String classPath) {
        if (setting().equals(OFF)) {
            return null;
        }
        try {
            return ArchiveKey.of(runtime, particular, classPath);
        } catch (IOException e) {
            trouble = e.toString();
            return null;
        }
    }

    /** @return the options with which a child maps an archive; empty if it is not there yet */
    static List<String> mapping(ArchiveKey key) {
        try {
            Path archive = key == null ? null : find(setting(), key);
            return archive == null ? List.of() : key.mapping(archive);
        } catch (IOException e) {
            trouble = e.toString();
            return List.of();
        }
    }

    private static Path find(String setting, ArchiveKey key) throws IOException {
        if (!setting.equals(AUTO)) {
            return Path.of(setting).toAbsolutePath();
        }
        Path known = READY.get(key.description());
        if (known == null && Holder.FOLDER.isPresent()) {
            ArchiveStamp stamp = new ArchiveStamp(Holder.FOLDER.get(), key);
            if (stamp.state() == ArchiveStamp.State.READY) {
                known = stamp.archive();
                HELD.put(key.description(), stamp.roots());
                READY.put(key.description(), known);
            }
        }
        return known;
    }

    private static String setting() {
        String setting = System.getProperty(PROPERTY, AUTO);
        return setting.isEmpty() ? AUTO : setting;
    }

    /** Looking for a folder writes to it, so it is done once. */
    private static final class Holder {
        static final Optional<Path> FOLDER = UserCache.find();
    }

    /**
     * Has the archive made if it is missing, and made anew if it lacks a class that a child uses; each once in the life of this process. To be called
     * after a child has started; returns at once.
     *
     * @param command of that child
     * @param roots classes that it uses, for the archive to have
     */
    public static void makeInBackground(JvmCommand command, Collection<Class<?>> roots) {
        ArchiveKey key = command.archiveKey();
        if (key == null || !setting().equals(AUTO)) {
            return;
        }
        Set<String> names = names(roots);
        if (command.archived()) {
            Set<String> held = HELD.get(key.description());
            if (held == null || held.containsAll(names) || held.size() >= MOST_ROOTS || WIDENED.getAndSet(true)) {
                return;
            }
            names.addAll(held);
        } else if (TRIED.getAndSet(true)) {
            return;
        }
        making = new CompletableFuture<>();
        try {
            Thread thread = new Thread(null, () -> make(key, names), "jmp-archive", 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            thread.start();
        } catch (RuntimeException | Error e) {
            // The child runs; that later ones will not be faster is no failure of its start.
            giveUp(e);
        }
    }

    /** Those that the class path has; others are shipped. */
    private static Set<String> names(Collection<Class<?>> roots) {
        Set<String> names = new TreeSet<>();
        for (Class<?> root : roots) {
            if (root.getClassLoader() == ClassLoader.getSystemClassLoader()) {
                names.add(root.getName());
            }
        }
        return names;
    }

    private static void giveUp(Throwable reason) {
        trouble = reason.toString();
        making.complete(null);
    }

    private static void make(ArchiveKey key, Set<String> roots) {
        try {
            if (Holder.FOLDER.isEmpty() || new ArchiveStamp(Holder.FOLDER.get(), key).state() == ArchiveStamp.State.FAILED) {
                making.complete(null);
                return;
            }
            List<String> arguments = command(key, roots);
            arguments.add(ArchiveMaker.class.getName());
            Redirect nowhere = Redirect.to(new File("/dev/null"));
            try (ChildStdio stdio = new ChildStdio(ChildStdio.nothing(), nowhere, nowhere)) {
                SpawnRequest.Limits limits = ChildBinding.isJna() ? SpawnRequest.NO_LIMITS : new SpawnRequest.Limits(List.of(), NICENESS, new int[0]);
                ChildPid maker = ChildPid.spawn(new SpawnRequest(arguments.get(0), arguments, ChildEnvironment.with(Map.of()),
                        Holder.FOLDER.get().toString(), new int[] {stdio.descriptor(0), stdio.descriptor(1), stdio.descriptor(2)}, limits));
                making.completeOnTimeout(null, MAKING_SECONDS, TimeUnit.SECONDS);
                maker.exit().thenAccept(making::complete);
            }
        } catch (IOException | RuntimeException | Error e) {
            giveUp(e);
        }
    }

    private static List<String> command(ArchiveKey key, Set<String> roots) {
        List<String> arguments = new ArrayList<>();
        arguments.add(ChildJava.of(null).program());
        arguments.addAll(ChildDefaults.options(ChildJava.of(null)));
        arguments.add("-D" + PROPERTY + "=" + OFF);
        arguments.add("-D" + ArchiveMaker.ROOTS_PROPERTY + "=" + String.join(",", roots));
        Holder.FOLDER.ifPresent(folder -> arguments.add("-D" + UserCache.PROPERTY + "=" + folder));
        arguments.addAll(ChildBinding.options());
        arguments.addAll(key.options());
        arguments.add("-cp");
        arguments.add(key.classPath());
        return arguments;
    }

    /** What there is, for {@code doctor}, whose test children tell whether they have mapped it. */
    private static final class Report implements DoctorSection {
        @Override
        public String title() {
            return "class archive";
        }

        @Override
        public Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("setting", setting());
            try {
                addState(facts);
            } catch (IOException e) {
                facts.put("state", e.toString());
            }
            if (!trouble.isEmpty()) {
                facts.put("trouble", trouble);
            }
            return facts;
        }

        @Override
        public void settle() throws InterruptedException {
            try {
                making.get();
            } catch (ExecutionException e) {
                trouble = e.toString();
            }
        }

        private static void addState(Map<String, Object> facts) throws IOException {
            ArchiveKey key = ArchiveKey.of(ChildJava.of(null), InheritedOptions.get().options(), ChildClassPath.withLibraryFirst(List.of()));
            if (setting().equals(OFF)) {
                facts.put("state", "switched off");
            } else if (key == null) {
                facts.put("state", "none is possible: our classes are not in a jar on the class path, or the options of this JVM forbid it");
            } else if (!setting().equals(AUTO)) {
                facts.put("file", setting());
                facts.put("state", Files.isReadable(Path.of(setting())) ? "given" : "given, but cannot be read");
            } else if (Holder.FOLDER.isEmpty()) {
                facts.put("state", "no cache folder serves");
            } else {
                ArchiveStamp stamp = new ArchiveStamp(Holder.FOLDER.get(), key);
                facts.put("file", stamp.archive().toString());
                facts.put("state", switch (stamp.state()) {
                    case READY -> "ready";
                    case ABSENT -> "not made yet: that takes a few seconds after the first child's start";
                    case FAILED -> stamp.remark();
                });
            }
        }
    }
}
