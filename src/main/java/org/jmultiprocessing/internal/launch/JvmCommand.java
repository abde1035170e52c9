package org.jmultiprocessing.internal.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.internal.os.ChildBinding;
import org.jmultiprocessing.internal.os.UserCache;

/**
 * How a child JVM is executed: the program and its arguments, which hold nothing that was not on this process's own command line but paths.
 * Immutable.
 *
 * <p>In this order: lean defaults ({@link ChildDefaults}), the class archive ({@link ClassArchive}), what this JVM was given ({@link
 * InheritedOptions}), the options for this child, so that of two that contradict each other the more particular one wins, and then the class path
 * with our own jar first ({@link ChildClassPath}) or the module path ({@link ModuleSetup}). There are no arguments after the main class.
 */
public final class JvmCommand {
    /** One argument of a Linux program has room for 128 KiB, all of them for a quarter of the stack's limit. */
    private static final int LONGEST = 64 << 10;
    private static final String MAIN = "org.jmultiprocessing.internal.launch.ChildMain";
    private static final String FORK_SERVER = "org.jmultiprocessing.internal.launch.ZygoteMain";

    private static volatile Plain plain;

    private final String program;
    private final List<String> options;
    private final List<String> main;
    private final byte[] argumentFile;
    private final ArchiveKey archiveKey;
    private final boolean archived;
    private final boolean exitsPlainly;
    private final boolean ordinary;

    private JvmCommand(String program, List<String> options, List<String> main, byte[] argumentFile, ArchiveKey archiveKey, boolean archived,
            boolean exitsPlainly, boolean ordinary) {
        this.program = program;
        this.options = options;
        this.main = main;
        this.argumentFile = argumentFile;
        this.archiveKey = archiveKey;
        this.archived = archived;
        this.exitsPlainly = exitsPlainly;
        this.ordinary = ordinary;
    }

    private JvmCommand with(List<String> otherOptions, byte[] file) {
        return new JvmCommand(program, otherOptions, main, file, archiveKey, archived, exitsPlainly, ordinary);
    }

    /**
     * The command for a child that nothing particular was said about. Putting one together takes the better part of a millisecond, so it is kept;
     * but not before there is an archive in it, if there is to be one.
     *
     * @return what {@link Builder#build} gives without any option
     */
    public static JvmCommand plain() {
        String settings = ChildDefaults.settings();
        Plain known = plain;
        if (known == null || !known.settings.equals(settings)) {
            known = new Plain(settings, builder().build());
            if (known.command.archived || known.command.archiveKey == null) {
                plain = known;
            }
        }
        return known.command;
    }

    private record Plain(String settings, JvmCommand command) { }

    /** @return a builder for a child like this process */
    public static Builder builder() {
        return new Builder();
    }

    /** @return the path of the {@code java} to execute */
    public String program() {
        return program;
    }

    /**
     * What the arguments refer to when they are too long for a command line, or when options of this process came from where other users cannot read
     * them (an argument file, an environment variable) and are to stay unseen.
     *
     * @return the content of a file that the child needs as one of its descriptors; null, as usual, if it needs none
     */
    public byte[] argumentFile() {
        return argumentFile == null ? null : argumentFile.clone();
    }

    /**
     * @param descriptor the child's descriptor for {@link #argumentFile}; ignored if that is null
     * @return the arguments, the program's name first
     */
    public List<String> arguments(int descriptor) {
        List<String> arguments = new ArrayList<>(options.size() + main.size() + 1);
        arguments.add(program);
        arguments.addAll(options);
        if (argumentFile != null) {
            arguments.add("@/dev/fd/" + descriptor);
        }
        arguments.addAll(main);
        return arguments;
    }

    /** @return whether nothing in the child's JVM is told of its exit or writes something then, as far as its options tell */
    boolean exitsPlainly() {
        return exitsPlainly;
    }

    /** @return whether nothing particular was said about the child: it is like any other that was asked for under the same settings */
    boolean isOrdinary() {
        return ordinary;
    }

    /** @return whether the child is told to map a class archive */
    boolean archived() {
        return archived;
    }

    /** @return which archive serves such a child; null if none does */
    ArchiveKey archiveKey() {
        return archiveKey;
    }

    /** Collects what is particular to a child. Not for several threads at once. */
    public static final class Builder {
        private final List<String> jvmOptions = new ArrayList<>();
        private final List<String> classPath = new ArrayList<>();
        private String java;
        private int debugPort = -1;
        private boolean inherit = true;
        private boolean forkServer;

        private Builder() { }

        /** The command is for a fork server, from which children are forked: few threads, and a heap that is quickly copied. */
        Builder forkServer() {
            forkServer = true;
            return this;
        }

        /**
         * @param path another {@code java} program than this process's ({@code set_executable}); null for this process's
         * @return this
         */
        public Builder java(String path) {
            java = path;
            return this;
        }

        /**
         * @param options options for the child's JVM, as on a command line: those that take a value as a word of its own are two elements
         * @return this
         * @throws IllegalArgumentException if one would take the child away from its main class: a class path, {@code -jar}, {@code -m}
         */
        public Builder jvmOptions(List<String> options) {
            List<String> joined = OptionWords.join(options);
            for (String option : joined) {
                OptionWords.requireForChild(option);
            }
            jvmOptions.addAll(joined);
            return this;
        }

        /**
         * @param entries jars and folders that the child gets after those of this process; relative ones are taken against the folder in which this
         *     process was started
         * @return this
         */
        public Builder classPath(List<String> entries) {
            classPath.addAll(entries);
            return this;
        }

        /**
         * Makes the child wait for a debugger before its first line.
         *
         * @param port of 127.0.0.1, 0 for any (the JVM prints it)
         * @return this
         */
        public Builder debug(int port) {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("port " + port + " for the debugger: use 0 to 65535");
            }
            debugPort = port;
            return this;
        }

        /**
         * @param use whether the child gets options of this JVM ({@link InheritedOptions}); true unless said otherwise
         * @return this
         */
        public Builder inherit(boolean use) {
            inherit = use;
            return this;
        }

        /**
         * @return the command
         * @throws IllegalStateException if our own classes came from where no child can get them
         * @throws UnsatisfiedLinkError if no binding works here
         */
        public JvmCommand build() {
            ChildJava runtime = ChildJava.of(java);
            ModuleSetup modules = ModuleSetup.get();
            boolean hidden = inherit && InheritedOptions.get().hasHidden();
            List<String> particular = new ArrayList<>(inherit ? InheritedOptions.get().options() : List.of());
            particular.addAll(modules.options());
            particular.addAll(ChildDefaults.chosen());
            particular.addAll(jvmOptions);
            if (debugPort >= 0) {
                particular.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:" + debugPort);
            }
            List<String> all = ChildDefaults.options(runtime);
            // A grandchild inherits what its parent was given here; and an archive wants the very options that it was made with.
            particular.removeAll(all);
            String path = modules.isLibraryModule() ? ChildClassPath.ofParent(classPath) : ChildClassPath.withLibraryFirst(classPath);
            ArchiveKey key = ClassArchive.key(runtime, particular, path);
            List<String> mapping = ClassArchive.mapping(key);
            all.addAll(mapping);
            if (forkServer) {
                all.addAll(ZygoteMain.options(particular));
            }
            all.addAll(OptionWords.withoutRepetition(particular));
            all.addAll(ChildBinding.options());
            if (!path.isEmpty()) {
                all.add("-cp");
                all.add(path);
            }
            boolean ordinary = java == null && inherit && jvmOptions.isEmpty() && classPath.isEmpty() && debugPort < 0;
            return finish(new JvmCommand(runtime.program(), all, modules.mainArguments(forkServer ? FORK_SERVER : MAIN), null, key,
                    !mapping.isEmpty(), ChildDefaults.isLean() && particular.stream().allMatch(OptionWords::isSilentAtExit), ordinary), hidden);
        }

        /** Moves the options into a file where a command line cannot have them, or should not. */
        private static JvmCommand finish(JvmCommand command, boolean hidden) {
            int total = 0;
            int longest = 0;
            for (String word : command.options) {
                total += word.length();
                longest = Math.max(longest, word.length());
            }
            if (longest < LONGEST && total < 4 * LONGEST && !hidden) {
                return command;
            }
            if (ArgumentFile.isReadableAsDescriptor()) {
                return command.with(List.of(), ArgumentFile.content(command.options));
            }
            try {
                return command.with(List.of("@" + ArgumentFile.store(command.options)), null);
            } catch (IOException e) {
                throw new IllegalStateException("the child's arguments need a file, and the cache folder cannot hold it: name a folder of your own"
                        + " by -D" + UserCache.PROPERTY, e);
            }
        }
    }
}
