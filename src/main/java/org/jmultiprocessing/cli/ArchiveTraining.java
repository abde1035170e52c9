package org.jmultiprocessing.cli;

import java.io.Serializable;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.task.Function0;
import org.jmultiprocessing.task.Function1;
import org.jmultiprocessing.task.Function2;
import org.jmultiprocessing.task.Function3;
import org.jmultiprocessing.task.Function4;
import org.jmultiprocessing.task.Task;
import org.jmultiprocessing.task.Task1;
import org.jmultiprocessing.task.Task2;
import org.jmultiprocessing.task.Task3;
import org.jmultiprocessing.task.Task4;

/**
 * What the child does from whose run the class archive is recorded: what children do first, so that the archive holds the classes they need. Not for
 * programs to use; public because it is found by its name.
 */
public final class ArchiveTraining implements ToIntFunction<List<String>> {
    /** Making an archive takes a second or two, on a machine that has nothing else to do. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int TIMED_OUT = -1;
    /** A function that is called so often is called otherwise than one that is called once; the archive is to serve both. */
    private static final int OFTEN = 100;
    /** Of the maker: names of the program's classes that are to be in the archive. */
    private static final String ROOTS_PROPERTY = "jmultiprocessing.archive.roots";

    /** For the process that makes archives. */
    public ArchiveTraining() {
    }

    /**
     * Runs the child. Blocks until it has ended.
     *
     * @param options JVM options that make it record
     * @return its exit code; negative if it was ended
     */
    @Override
    public int applyAsInt(List<String> options) {
        Pipe pipe = Pipe.duplex();
        try (SharedTraining shared = new SharedTraining(); Connection here = pipe.first(); Process child = start(pipe, options)) {
            here.send(new Message("text", 1));
            here.send(List.of(1L, 2.0, "three", new byte[] {4}, Map.of("five", true)));
            here.send(functions());
            here.send(shared.objects());
            here.recv();
            boolean ended = child.join(PATIENCE);
            if (!ended) {
                child.kill();
                child.join();
            }
            return ended ? child.exitCode().orElseThrow() : TIMED_OUT;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return TIMED_OUT;
        }
    }

    private static Process start(Pipe pipe, List<String> options) {
        try (Connection there = pipe.second()) {
            return Process.builder(ArchiveTraining::answer, there, 2).daemon(true).jvmOptions(options.toArray(new String[0]))
                    .stdout(Redirect.DISCARD).stderr(Redirect.DISCARD).start();
        }
    }

    /** One of each shape: which one a target has is not known yet. */
    private static List<Object> functions() {
        Task task = ArchiveTraining::nothing;
        Task1<Object> task1 = a -> nothing();
        Task2<Object, Object> task2 = (a, b) -> nothing();
        Task3<Object, Object, Object> task3 = (a, b, c) -> nothing();
        Task4<Object, Object, Object, Object> task4 = (a, b, c, d) -> nothing();
        Function0<Object> function0 = () -> null;
        Function1<Object, Object> function1 = a -> a;
        Function2<Object, Object, Object> function2 = (a, b) -> a;
        Function3<Object, Object, Object, Object> function3 = (a, b, c) -> a;
        Function4<Object, Object, Object, Object, Object> function4 = (a, b, c, d) -> a;
        return List.of(task, task1, task2, task3, task4, function0, function1, function2, function3, function4);
    }

    private static void nothing() { }

    private static void answer(Connection parent, int number) throws Exception {
        Message first = (Message) parent.recv();
        List<?> second = (List<?>) parent.recv();
        List<?> functions = (List<?>) parent.recv();
        List<?> shared = (List<?>) parent.recv();
        for (int i = 0; i < OFTEN; i++) {
            ((Task) functions.get(0)).run();
        }
        for (Object object : shared) {
            SharedTraining.use(object);
        }
        ManagerTraining.run();
        ManagerTraining.SERVERS_OWN.forEach(ArchiveTraining::load);
        for (String root : System.getProperty(ROOTS_PROPERTY, "").split(",")) {
            load(root);
        }
        System.out.println(functions.size() + first.text() + first.number() + second + number);
        System.err.println(Thread.currentThread().getName());
        parent.send(second.size());
        parent.close();
    }

    /** What cannot be loaded here is what the archive does without. */
    private static void load(String name) {
        try {
            Class.forName(name, false, ArchiveTraining.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            System.err.println(e);
        }
    }

    /** Something that travels by Java serialization. */
    private record Message(String text, int number) implements Serializable { }
}
