package org.jmultiprocessing.cli;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import org.jmultiprocessing.cli.demo.Demos;

/** The commands of the executable jar: {@code demo}, {@code doctor} and {@code bench}. */
public final class Main {
    private static final int USAGE_ERROR = 2;
    private static final String BENCH = "org.jmultiprocessing.bench.BenchMain";
    private static final String USAGE = """
            usage: java -jar jmultiprocessing-VERSION-all.jar COMMAND

              demo [NAME]       run the example programs, or one of them: %s
              doctor [--json]   say what works on this machine, and why something does not
              bench [OPTIONS]   measure; bench --help lists the options
              help              print this
            """;

    private Main() {
    }

    /**
     * Runs one command and ends this JVM: exit code 0 if all went well, 1 if not, 2 for a command line that is not understood.
     *
     * @param args the command and its arguments
     * @throws InterruptedException if this thread is interrupted; children that run then are ended with this process
     */
    public static void main(String[] args) throws InterruptedException {
        System.exit(run(args, System.out, System.err));
    }

    /** Runs one command. Children write to this process's own descriptors, not to the streams given. */
    static int run(String[] args, PrintStream out, PrintStream err) throws InterruptedException {
        String command = args.length == 0 ? "" : args[0];
        String[] rest = Arrays.copyOfRange(args, Math.min(1, args.length), args.length);
        switch (command) {
            case "demo":
                return rest.length > 1 ? misused("demo takes one name", err) : Demos.run(rest.length == 0 ? null : rest[0], out, err);
            case "doctor":
                boolean json = rest.length == 1 && rest[0].equals("--json");
                return rest.length > 0 && !json ? misused("doctor knows --json only", err) : Doctor.run(json, out);
            case "bench":
                return bench(rest, out, err);
            case "help", "--help", "-h":
                out.print(usage());
                return 0;
            case "":
                return misused("a command is missing", err);
            default:
                return misused("unknown command '" + command + "'", err);
        }
    }

    private static String usage() {
        return USAGE.formatted(String.join(", ", Demos.names()));
    }

    private static int misused(String problem, PrintStream err) {
        err.println(problem);
        err.print(usage());
        return USAGE_ERROR;
    }

    /** The benchmarks are no part of the library: only the executable jar has their classes. */
    private static int bench(String[] args, PrintStream out, PrintStream err) {
        try {
            return (Integer) Class.forName(BENCH).getMethod("run", String[].class, PrintStream.class, PrintStream.class).invoke(null, args, out, err);
        } catch (ClassNotFoundException absent) {
            err.println("bench: the benchmarks are in the executable jar only: run java -jar jmultiprocessing-VERSION-all.jar bench");
            return USAGE_ERROR;
        } catch (InvocationTargetException failed) {
            failed.getCause().printStackTrace(err);
            return 1;
        } catch (NoSuchMethodException | IllegalAccessException broken) {
            throw new IllegalStateException("this jar mixes versions of jmultiprocessing: " + BENCH + " has no method run", broken);
        }
    }
}
