package org.jmultiprocessing.pool;

import java.util.Arrays;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.arena.Batch;
import org.jmultiprocessing.internal.arena.ByteQueue;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Exiting;
import org.jmultiprocessing.internal.os.Interrupts;
import org.jmultiprocessing.internal.wire.DescriptorCarrier;
import org.jmultiprocessing.internal.wire.RemoteFailure;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;
import org.jmultiprocessing.process.ParentProcess;


/**
 * A worker process. It runs its tasks one after the other in its main thread, and puts each result into its ring before it begins the next: so when
 * it dies, the one task that it had begun and has no result of is the one that it held. Cold when it comes here: no lambda before the user's own.
 */
final class WorkerMain implements Runnable {
    private static final int TASKS_AT_ONCE = 64;
    private static final int BYTES_AT_ONCE = 64 << 10;
    /** Buffers for large arguments and results are kept for the next. */
    private static final int MOST_KEPT_BYTES = 4 << 20;

    private final ByteQueue tasks;
    private final ByteQueue results;
    private final Board board;
    private final long memoryLimit;
    private final TaskCall call = new TaskCall();
    /** The message under way to the pool; empty between messages. */
    private WireOutput out = Frames.output();
    private Object workerExit;
    private long lastEnd;
    private boolean stopped;

    WorkerMain(WireInput start) {
        String tree = start.readString();
        tasks = ByteQueue.attach(tree, start.readString());
        results = ByteQueue.attach(tree, start.readString());
        board = Board.attach(tree, start.readString());
        memoryLimit = start.readLong();
    }

    /** The argument of {@link #run}. The pool keeps the rings until the worker has ended, so they need not be counted as under way. */
    static byte[] start(ByteQueue tasks, ByteQueue results, Board board, long memoryLimit) {
        WireOutput out = new WireOutput(DescriptorCarrier.bytesOnly("a worker's start"));
        out.writeString(tasks.treeId());
        out.writeString(tasks.file());
        out.writeString(results.file());
        out.writeString(board.file());
        out.writeLong(memoryLimit);
        return Arrays.copyOf(out.array(), out.length());
    }

    /** The worker's target. */
    static void run(byte[] start) throws Exception {
        long began = System.nanoTime();
        Interrupts.ignore();
        WorkerMain worker = new WorkerMain(new WireInput(start, 0, start.length, null));
        Exiting.doFirst(worker);
        worker.board.set(Board.STARTED, began);
        worker.work();
    }

    void work() throws Exception {
        Batch batch = new Batch(TASKS_AT_ONCE, BYTES_AT_ONCE);
        boolean goesOn = true;
        while (goesOn) {
            ByteQueue.Outcome outcome = tasks.take(batch, TASKS_AT_ONCE, Deadline.NEVER);
            goesOn = outcome == ByteQueue.Outcome.DONE;
            for (int i = 0; goesOn && i < batch.count(); i++) {
                goesOn = handle(new WireInput(batch.bytes(), batch.start(i), batch.length(i), null));
            }
            batch.shrink(MOST_KEPT_BYTES);
        }
        board.set(Board.EXITING, System.nanoTime());
        if (stopped && workerExit != null) {
            TaskCall.invoke(workerExit, new Object[0]);
        }
    }

    /** At the exit: if the pool is gone, who would remove the rings, they go now. */
    @Override
    public void run() {
        close();
        if (!ParentProcess.get().orElseThrow().isAlive()) {
            board.close();
        }
    }

    void close() {
        tasks.close();
        results.close();
    }

    /** Returns false after the last message. */
    private boolean handle(WireInput in) throws InterruptedException {
        int kind = in.readByte();
        switch (kind) {
            case Frames.INIT:
                return initialize(in);
            case Frames.FUNCTION:
                call.learn(in.readInt(), in);
                return true;
            case Frames.FORGET:
                call.forget(in.readInt());
                return true;
            case Frames.STOP:
                stopped = true;
                return false;
            default:
                runTask(kind, in);
                return true;
        }
    }

    private boolean initialize(WireInput in) throws InterruptedException {
        board.set(Board.INITIALIZING, System.nanoTime());
        boolean able = false;
        try {
            Object initializer = Frames.CODEC.decode(in);
            Object[] arguments = (Object[]) Frames.CODEC.decode(in);
            workerExit = Frames.CODEC.decode(in);
            if (initializer != null) {
                TaskCall.invoke(initializer, arguments);
            }
            out.writeByte(Frames.READY);
            able = true;
        } catch (Throwable failure) {
            out.truncate(0);
            out.writeByte(Frames.UNABLE);
            RemoteFailure.write(out, failure, Frames.CODEC);
        }
        lastEnd = System.nanoTime();
        board.set(Board.READY, lastEnd);
        put();
        return able;
    }

    private void runTask(int kind, WireInput in) throws InterruptedException {
        int number = in.readInt();
        long begin = System.nanoTime();
        if (!board.begin(number, begin)) {
            return;
        }
        out.writeByte(0);
        out.writeInt(number);
        out.writeByte(0);
        out.writeLong(0);
        int outcome = call.run(kind, in, out);
        long end = System.nanoTime();
        out.array()[0] = (byte) outcome;
        if (memoryLimit > 0 && ResidentMemory.bytes() > memoryLimit) {
            out.array()[Frames.RETIRES] = 1;
        }
        out.setInt(Frames.NANOS, (int) (end - begin >> 32));
        out.setInt(Frames.NANOS + 4, (int) (end - begin));
        board.set(Board.WORKED, board.get(Board.WORKED) + end - begin);
        board.set(Board.WAITED, board.get(Board.WAITED) + begin - lastEnd);
        board.set(Board.TASKS, board.get(Board.TASKS) + 1);
        lastEnd = end;
        put();
    }

    /** A full shared memory must not cost more than the result. */
    private void put() throws InterruptedException {
        try {
            results.put(out.array(), 0, out.length(), Deadline.NEVER);
        } catch (OsException full) {
            out.truncate(Frames.RESULT_HEAD);
            out.array()[0] = Frames.FAILURE;
            RemoteFailure.write(out, new SerializationException("Error sending result: " + full.getMessage(), full), Frames.CODEC);
            results.put(out.array(), 0, out.length(), Deadline.NEVER);
        }
        if (out.array().length > MOST_KEPT_BYTES) {
            out = Frames.output();
        } else {
            out.truncate(0);
        }
    }
}
