package org.jmultiprocessing.cli.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** The example programs by name. */
public final class Demos {
    /** Those that are there, in the order of the tutorial. */
    private static final List<Demo> PROGRAMS = List.of(
            new Demo("process", "a function in a process of its own", ProcessDemo::main),
            new Demo("pipe", "two processes and a pipe between them", PipeDemo::main),
            new Demo("queue", "what one process puts into a queue, another gets", QueueDemo::main),
            new Demo("manager", "a map in a process of its own, which others fill", ManagerDemo::main),
            new Demo("pool", "a function in a pool of processes", PoolDemo::main),
            new Demo("pool-queue", "a manager's queue between the tasks of a pool", PoolQueueDemo::main));

    private Demos() {
    }

    /** @return what {@link #run} can run */
    public static List<String> names() {
        return PROGRAMS.stream().map(Demo::name).toList();
    }

    /**
     * Runs programs, one after the other. Blocks until all are done; their children write to this process's stdout.
     *
     * @param name one program, or null for all
     * @param out where titles go
     * @param err where failures go
     * @return 0 if all did what they are to do, 1 if not, 2 if there is no such program
     * @throws InterruptedException if this thread is interrupted
     */
    public static int run(String name, PrintStream out, PrintStream err) throws InterruptedException {
        List<Demo> chosen = PROGRAMS.stream().filter(program -> name == null || program.name().equals(name)).toList();
        if (chosen.isEmpty()) {
            err.println("demo: no program '" + name + "'; there are " + String.join(", ", names()));
            return 2;
        }
        List<String> failed = new ArrayList<>();
        for (Demo program : chosen) {
            out.println("== " + program.name() + ": " + program.title());
            if (!succeeds(program, err)) {
                failed.add(program.name());
            }
        }
        if (!failed.isEmpty()) {
            err.println("demo: failed: " + String.join(", ", failed) + "; the command 'doctor' may say why");
        }
        return failed.isEmpty() ? 0 : 1;
    }

    private static boolean succeeds(Demo demo, PrintStream err) throws InterruptedException {
        try {
            demo.program().run();
            return true;
        } catch (RuntimeException | LinkageError failure) {
            failure.printStackTrace(err);
            return false;
        }
    }

    private record Demo(String name, String title, Program program) { }

    /** A program's main method. */
    private interface Program {
        void run() throws InterruptedException;
    }
}
