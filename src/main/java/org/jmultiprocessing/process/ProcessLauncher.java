package org.jmultiprocessing.process;

import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jmultiprocessing.internal.launch.ChildEnvironment;
import org.jmultiprocessing.internal.launch.JvmCommand;
import org.jmultiprocessing.internal.launch.LaunchRequest;
import org.jmultiprocessing.internal.launch.LaunchedChild;
import org.jmultiprocessing.internal.launch.Launcher;
import org.jmultiprocessing.internal.launch.SelfFork;
import org.jmultiprocessing.internal.launch.StartData;
import org.jmultiprocessing.internal.os.SpawnRequest;

/** Turns a described process into what the launcher starts. */
final class ProcessLauncher {
    private static final String[] NEEDED_IN_FORK = {"org.jmultiprocessing.process.ProcessChild", "org.jmultiprocessing.process.TargetCall",
        "org.jmultiprocessing.spi.Codec$Input", "java.io.StringWriter"};

    private ProcessLauncher() { }

    /**
     * Starts a child.
     *
     * @param callee the target, or a process of a subclass that travels itself
     * @param arguments of the target; none for a process
     * @param method how it is to come into being
     */
    static LaunchedChild launch(Object callee, List<Object> arguments, Builder options, ChildIdentity identity, StartMethod method) {
        JvmCommand command = command(options);
        Map<String, String> environment = options.environment != null ? options.environment : ChildEnvironment.with(Map.of());
        String directory = options.directory == null ? null : options.directory.toString();
        SpawnRequest.Limits limits = new SpawnRequest.Limits(options.limits, options.niceness, options.cpus);
        try (StartData start = new StartData(ProcessChild.class)) {
            ProcessChild.write(start, identity, callee, arguments);
            return Launcher.launch(new LaunchRequest(start, command, environment, directory, options.stdin, options.stdout, options.stderr,
                    limits, identity.daemon(), method == StartMethod.FORKSERVER ? ProcessChild::rehearsal : null));
        }
    }

    /**
     * Forks a child from this JVM.
     *
     * @param body what it does; gives the exit code
     */
    static LaunchedChild fork(Builder options, boolean daemon, IntSupplier body) {
        if (ChildPrograms.executable() != null || !isPlain(options)) {
            throw new IllegalStateException("a child that is forked from this JVM has this JVM's options, class path and program: leave out"
                    + " jvmOptions, inheritJvmOptions, classPath, debug and setExecutable, or use start method spawn");
        }
        SelfFork.load(NEEDED_IN_FORK);
        return SelfFork.launch(new SelfFork.Request(options.environment, options.directory == null ? null : options.directory.toString(),
                options.stdin, options.stdout, options.stderr, new SpawnRequest.Limits(options.limits, options.niceness, options.cpus), daemon,
                body));
    }

    private static boolean isPlain(Builder options) {
        return options.inheritJvmOptions && options.jvmOptions.isEmpty() && options.classPath.isEmpty() && options.debugPort == 0;
    }

    private static JvmCommand command(Builder options) {
        String java = ChildPrograms.executable();
        if (java == null && isPlain(options)) {
            return JvmCommand.plain();
        }
        JvmCommand.Builder command = JvmCommand.builder().java(java).inherit(options.inheritJvmOptions).jvmOptions(options.jvmOptions)
                .classPath(options.classPath.stream().map(Object::toString).toList());
        if (options.debugPort > 0) {
            command.debug(options.debugPort);
        }
        return command.build();
    }
}
