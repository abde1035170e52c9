package org.jmultiprocessing.process;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.jmultiprocessing.internal.launch.ChildStart;
import org.jmultiprocessing.internal.launch.ChildTask;
import org.jmultiprocessing.internal.launch.StartData;
import org.jmultiprocessing.internal.os.Descriptors;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.Trust;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;
import org.jmultiprocessing.task.Task2;

/** What a child that is a {@link Process} does: becomes itself, rebuilds the target and its arguments, and calls ({@code BaseProcess._bootstrap}). */
final class ProcessChild implements ChildTask {
    static {
        ChildTask.register(new ProcessChild());
    }

    private ProcessChild() { }

    /** The parent's side: writes what {@link #run} reads. */
    static void write(StartData start, ChildIdentity identity, Object callee, List<Object> arguments) {
        WireOutput out = start.output();
        out.recordClasses();
        identity.write(out);
        ObjectCodec codec = new ObjectCodec(Trust.OWN_TREE, null);
        codec.encode(callee, out, "the target");
        codec.encode(arguments.toArray(), out, "the arguments");
        start.ship(out.classes());
    }

    /** Start data of a child that does next to nothing, in the way of most children. */
    static StartData rehearsal() {
        StartData start = new StartData(ProcessChild.class);
        boolean written = false;
        try {
            Task2<String, Integer> target = ProcessChild::nothing;
            write(start, new ChildIdentity("rehearsal", new int[] {0}, true, ThisProcess.pid(), ThisProcess.name(), new byte[32],
                    StartMethod.FORKSERVER.toString()), target, List.of("text", 1));
            written = true;
            return start;
        } finally {
            if (!written) {
                start.close();
            }
        }
    }

    private static void nothing(String text, int number) { }

    @Override
    public int run(ChildStart start) {
        WireInput in = start.input();
        ThisProcess.becomeChild(ChildIdentity.read(in));
        try {
            ObjectCodec codec = new ObjectCodec(Trust.OWN_TREE, start.loader());
            Object callee = codec.decode(in);
            Object[] arguments = (Object[]) codec.decode(in);
            for (int unused : start.descriptors().takeRest()) {
                Descriptors.discard(unused);
            }
            call(callee, arguments);
            return 0;
        } catch (Throwable failure) {
            report(failure);
            return 1;
        }
    }

    /** In a forked child; returns its exit code. */
    static int run(Object callee, Object[] arguments) {
        try {
            call(callee, arguments);
            return 0;
        } catch (Throwable failure) {
            report(failure);
            return 1;
        }
    }

    private static void call(Object callee, Object[] arguments) throws Exception {
        if (callee instanceof Process process) {
            ThisProcess.bootstrapped(process);
            process.run();
        } else {
            ThisProcess.bootstrapped(null);
            TargetCall.run(callee, arguments);
        }
    }

    /** In one piece, so that children that fail at the same time stay readable. */
    private static void report(Throwable failure) {
        StringWriter text = new StringWriter();
        PrintWriter writer = new PrintWriter(text);
        writer.print("Process " + ThisProcess.name() + ":\n");
        failure.printStackTrace(writer);
        writer.flush();
        System.err.print(text);
        System.err.flush();
    }
}
