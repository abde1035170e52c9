package org.jmultiprocessing.process;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jmultiprocessing.internal.launch.ChildEnvironment;
import org.jmultiprocessing.internal.os.ChildStdio;
import org.jmultiprocessing.internal.os.SpawnRequest;

/** The options of a {@link Process} ({@code Process.builder(...)}). Belongs to one thread; can build any number of processes. */
public final class Builder {
    final Object target;
    final List<Object> arguments;
    String name;
    Boolean daemon;
    StartMethod startMethod;
    final List<String> jvmOptions = new ArrayList<>();
    boolean inheritJvmOptions = true;
    final List<Path> classPath = new ArrayList<>();
    Map<String, String> environment;
    Path directory;
    Redirect stdin = ChildStdio.nothing();
    Redirect stdout = Redirect.INHERIT;
    Redirect stderr = Redirect.INHERIT;
    final List<SpawnRequest.ResourceLimit> limits = new ArrayList<>();
    int niceness;
    int[] cpus = {};
    int debugPort;

    Builder(Object target, Object... arguments) {
        this.target = target;
        this.arguments = new ArrayList<>(Arrays.asList(arguments));
    }

    /** What a process keeps: later changes to this do not count. */
    Builder copy() {
        Builder copy = new Builder(target, arguments.toArray());
        copy.name = name;
        copy.daemon = daemon;
        copy.startMethod = startMethod;
        copy.jvmOptions.addAll(jvmOptions);
        copy.inheritJvmOptions = inheritJvmOptions;
        copy.classPath.addAll(classPath);
        copy.environment = environment == null ? null : new TreeMap<>(environment);
        copy.directory = directory;
        copy.stdin = stdin;
        copy.stdout = stdout;
        copy.stderr = stderr;
        copy.limits.addAll(limits);
        copy.niceness = niceness;
        copy.cpus = cpus;
        copy.debugPort = debugPort;
        return copy;
    }

    /**
     * @param name the process's name
     * @return this
     */
    public Builder name(String name) {
        this.name = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * @param daemon whether the child is terminated when this process exits, instead of waited for; by default as this process is
     * @return this
     */
    public Builder daemon(boolean daemon) {
        this.daemon = daemon;
        return this;
    }

    /**
     * @param method how the child comes into being
     * @return this
     */
    public Builder startMethod(StartMethod method) {
        this.startMethod = Objects.requireNonNull(method, "method");
        return this;
    }

    /**
     * Adds options for the child's JVM, such as {@code -Xmx256m}. They are visible to other users of the machine; secrets belong into arguments.
     *
     * @param options as on the command line, one element for each
     * @return this
     */
    public Builder jvmOptions(String... options) {
        for (String option : options) {
            if (!option.startsWith("-")) {
                throw new IllegalArgumentException(
                        "'" + option + "' is no JVM option: options begin with '-', and class path entries go to classPath()");
            }
            jvmOptions.add(option);
        }
        return this;
    }

    /**
     * @param inherit whether the child gets the -D, --add-*, module, -ea, -Xss and encoding options of this JVM; true by default. Agents,
     *        debugger, collector and heap options are never inherited
     * @return this
     */
    public Builder inheritJvmOptions(boolean inherit) {
        this.inheritJvmOptions = inherit;
        return this;
    }

    /**
     * Adds to the child's class path, after this JVM's.
     *
     * @param entries jars and folders
     * @return this
     */
    public Builder classPath(Path... entries) {
        for (Path entry : entries) {
            classPath.add(entry.toAbsolutePath());
        }
        return this;
    }

    /**
     * Sets a variable of the child's environment, which is otherwise this process's, byte for byte, less {@code JAVA_TOOL_OPTIONS} and the like.
     * What is set here is encoded as file names are.
     *
     * @param variable its name
     * @param value its value; null removes it
     * @return this
     */
    public Builder environment(String variable, String value) {
        if (variable.isEmpty() || variable.indexOf('=') >= 0) {
            throw new IllegalArgumentException("'" + variable + "' cannot name an environment variable");
        }
        if (environment == null) {
            environment = ChildEnvironment.with(Map.of());
        }
        ChildEnvironment.set(environment, variable, value);
        return this;
    }

    /**
     * @param variables the child's whole environment
     * @return this
     */
    public Builder environment(Map<String, String> variables) {
        environment = new TreeMap<>();
        variables.forEach(this::environment);
        return this;
    }

    /**
     * @param directory the child's working directory
     * @return this
     */
    public Builder directory(Path directory) {
        this.directory = directory.toAbsolutePath();
        return this;
    }

    /**
     * @param source where the child's stdin comes from: {@code Redirect.INHERIT}, a file, or {@code Redirect.PIPE}; {@code /dev/null} by default
     * @return this
     */
    public Builder stdin(Redirect source) {
        this.stdin = readable(source);
        return this;
    }

    /**
     * Sets where the child's stdout goes; inherited by default. What is inherited is descriptor 1, whatever it is: a process that was started with
     * that one closed gives its children the file or socket that took its number, so redirect their output there ({@code Redirect.DISCARD}).
     *
     * @param destination where to. With {@code Redirect.PIPE} read {@link Process#stdout()}, or the child blocks when the pipe is full
     * @return this
     */
    public Builder stdout(Redirect destination) {
        this.stdout = writable(destination);
        return this;
    }

    /**
     * @param destination where the child's stderr goes; descriptor 2 is inherited by default, as {@link #stdout} says of its own
     * @return this
     */
    public Builder stderr(Redirect destination) {
        this.stderr = writable(destination);
        return this;
    }

    private static Redirect readable(Redirect redirect) {
        if (redirect.type() == Redirect.Type.WRITE || redirect.type() == Redirect.Type.APPEND) {
            throw new IllegalArgumentException("stdin cannot come from '" + redirect + "', which is for writing: use Redirect.from(file)");
        }
        return redirect;
    }

    private static Redirect writable(Redirect redirect) {
        if (redirect.type() == Redirect.Type.READ) {
            throw new IllegalArgumentException("output cannot go to '" + redirect + "', which is for reading: use Redirect.to(file)");
        }
        return redirect;
    }

    /**
     * Bounds a resource of the child ({@code setrlimit(2)}). Needs the native binding.
     *
     * @param resource which
     * @param soft the limit; -1 for none
     * @param hard how far the child may raise it; -1 for any
     * @return this
     */
    public Builder limit(ResourceLimit resource, long soft, long hard) {
        limits.add(new SpawnRequest.ResourceLimit(resource.systemName(), soft, hard));
        return this;
    }

    /**
     * @param increment added to this process's niceness ({@code nice(2)}). Needs the native binding
     * @return this
     */
    public Builder niceness(int increment) {
        this.niceness = increment;
        return this;
    }

    /**
     * @param numbers the CPUs that the child may run on, counted from 0. Linux with the native binding
     * @return this
     */
    public Builder affinity(int... numbers) {
        this.cpus = numbers.clone();
        return this;
    }

    /**
     * Makes the child wait for a debugger on the loopback interface before it does anything.
     *
     * @param port a TCP port
     * @return this
     */
    public Builder debug(int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
        this.debugPort = port;
        return this;
    }

    /**
     * @return a process that is not yet started
     * @throws IllegalArgumentException if there is no target
     */
    public Process build() {
        if (target == null) {
            throw new IllegalArgumentException(
                    "a process without a target does nothing: use Process.builder(target, ...), or a subclass that overrides run()");
        }
        return new Process(this);
    }

    /** @return a process that is started */
    public Process start() {
        Process process = build();
        process.start();
        return process;
    }
}
