package org.jmultiprocessing.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/** The command line of {@code bench}. */
final class Options {
    static final String USAGE = """
            usage: bench [OPTIONS]

              --cases A,B*     these cases only; * and ? match as in a shell
              --list           print the cases and what they measure
              --quick          a tenth of the operations and two repetitions: a smoke test, not a measurement
              --json           print JSON, the same that python_baseline.py prints
              --vs-python      run CPython's multiprocessing and this library in turn, and compare
              --rounds N       with --vs-python: how often each case runs on each side (3)
              --python PATH    with --vs-python: this interpreter instead of the python3 on the PATH
              --jdk HOME       measure the JDK in this folder instead of the one that runs this

            --vs-python starts a new JVM and a new CPython for each case and round, in turn. CPython runs in a virtual environment
            without packages, made for the occasion, and with a nearly empty environment, so that its own start costs what it costs at best.
            The value of a side is the median of its rounds' medians. Exit code 1 if a case failed to run; a missed goal is shown only.
            """;
    private static final int DEFAULT_ROUNDS = 3;

    String cases = "*";
    boolean list;
    boolean quick;
    boolean json;
    boolean vsPython;
    boolean help;
    String python = "python3";
    Path jdk;
    int rounds = DEFAULT_ROUNDS;

    private Options() {
    }

    /** Reads a command line; a mistake is an {@link IllegalArgumentException} that says what is wrong. */
    static Options parse(String... args) {
        Options options = new Options();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--list" -> options.list = true;
                case "--quick" -> options.quick = true;
                case "--json" -> options.json = true;
                case "--vs-python" -> options.vsPython = true;
                case "--help", "-h" -> options.help = true;
                case "--cases" -> options.cases = value(args, ++i);
                case "--python" -> options.python = value(args, ++i);
                case "--jdk" -> options.jdk = jdk(value(args, ++i));
                case "--rounds" -> options.rounds = rounds(value(args, ++i));
                default -> throw new IllegalArgumentException("unknown option '" + args[i] + "'");
            }
        }
        return options;
    }

    private static String value(String[] args, int index) {
        if (index == args.length) {
            throw new IllegalArgumentException(args[index - 1] + " needs a value");
        }
        return args[index];
    }

    private static Path jdk(String home) {
        Path folder = Path.of(home).toAbsolutePath();
        if (!Files.isExecutable(folder.resolve("bin/java"))) {
            throw new IllegalArgumentException("--jdk " + home + ": there is no bin/java in it");
        }
        return folder;
    }

    private static int rounds(String text) {
        try {
            int rounds = Integer.parseInt(text);
            if (rounds > 0) {
                return rounds;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--rounds " + text + ": not a number", e);
        }
        throw new IllegalArgumentException("--rounds " + text + ": at least 1");
    }
}
