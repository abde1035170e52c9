package org.jmultiprocessing.pool;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jmultiprocessing.internal.wire.WireOutput;
import org.jmultiprocessing.process.Builder;
import org.jmultiprocessing.process.Process;

/** How a pool's workers are made. */
final class Workshop {
    private final Object initializer;
    private final Object[] arguments;
    private final Object workerExit;
    private final Consumer<? super Builder> options;
    private final int mostTasks;
    private final long memoryLimit;

    Workshop(PoolBuilder builder) {
        this.initializer = builder.initializer;
        this.arguments = builder.initializerArguments.clone();
        this.workerExit = builder.workerExit;
        this.options = builder.processOptions;
        this.mostTasks = builder.maxTasksPerChild;
        this.memoryLimit = builder.memoryLimit;
    }

    /** The first message for a worker, each its own because of handles that may be in it. */
    byte[] init() {
        WireOutput out = Frames.take();
        try {
            out.writeByte(Frames.INIT);
            Frames.CODEC.encode(initializer, out, "the initializer");
            Frames.CODEC.encode(arguments, out, "the initializer's arguments");
            Frames.CODEC.encode(workerExit, out, "the worker's exit function");
            return Arrays.copyOf(out.array(), out.length());
        } finally {
            Frames.release(out);
        }
    }

    Builder process(byte[] start) {
        Builder builder = Process.builder(WorkerMain::run, start);
        if (options != null) {
            options.accept(builder);
        }
        return builder.daemon(true);
    }

    /** As in Python, unless the options have a name. */
    void name(Process process) {
        process.setName(process.name().replace("Process-", "PoolWorker-"));
    }

    int mostTasks() {
        return mostTasks;
    }

    long memoryLimit() {
        return memoryLimit;
    }
}
