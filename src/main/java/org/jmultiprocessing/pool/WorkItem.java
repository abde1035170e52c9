package org.jmultiprocessing.pool;

import org.jmultiprocessing.internal.wire.WireOutput;

/**
 * A task on its way: it waits, lies in a worker's ring, or is run there. It has one outcome. The fields that change are under the lock of the
 * {@link Crew}; while the task comes back from a dead worker they are that seat's alone.
 */
abstract class WorkItem {
    private final SentFunction function;
    private final Object callee;
    /** The arguments or elements, if there are handles among them or in the function: each can be received once. Else null. */
    private final Object[] content;
    private final String contentName;
    private byte[] frame;
    private int length;

    /** Submitted so many before it: its place in the line when it comes back. */
    long order;
    /** Who has it; null while it waits. */
    WorkerLink worker;
    int number;
    int attempts;
    boolean over;
    /** Its worker is killed because of it: no other gets it. */
    boolean doomed;
    /** What it fails with. */
    Throwable failure;

    /**
     * Encodes a task.
     *
     * @param kind of the message
     * @param function the function
     * @param sent the same, as it was encoded before; null if it was not
     * @param content arguments or elements
     * @param what they are called in an error
     * @param spare may become the frame; null for none
     */
    WorkItem(int kind, Object function, SentFunction sent, Object[] content, String what, byte[] spare) {
        this.function = sent != null && !sent.isForOnce() ? sent : null;
        this.callee = function;
        this.contentName = what;
        this.content = encode(kind, sent, content, spare) ? content : null;
    }

    /** Returns whether there are handles in it. */
    private boolean encode(int kind, SentFunction sent, Object[] values, byte[] spare) {
        WireOutput out = spare == null ? Frames.take() : Frames.output(spare);
        try {
            out.writeByte(kind);
            out.writeInt(0);
            out.writeInt(function != null ? function.id() : 0);
            boolean handles = false;
            if (sent == null) {
                int start = out.length();
                Frames.CODEC.encode(callee, out, "the function");
                handles = SentFunction.hasHandles(out, start);
            } else if (function == null) {
                out.write(sent.frame(), SentFunction.CONTENT, sent.length() - SentFunction.CONTENT);
                handles = true;
            }
            int start = out.length();
            Frames.CODEC.encode(values, out, contentName);
            handles |= SentFunction.hasHandles(out, start);
            frame = Frames.copy(out);
            length = out.length();
            return handles;
        } finally {
            if (spare == null) {
                Frames.release(out);
            }
        }
    }

    /**
     * Its worker has died with it, who may have received its handles: makes it fit for another one, or notes as {@link #failure} why it gets none.
     * What was mutable goes as it is now. Blocks for as long as handing over descriptors does.
     *
     * @param retries how often it may lose its worker before it fails
     * @param death of the worker
     */
    final void comeBack(int retries, Throwable death) {
        if (failure != null || over) {
            return;
        }
        if (doomed || attempts++ >= retries) {
            failure = death;
        } else if (content != null) {
            try {
                encode(frame[0], function, content, null);
            } catch (RuntimeException | Error e) {
                e.addSuppressed(death);
                failure = e;
            }
        }
    }

    /** What it calls, for people. */
    final String describe() {
        if (function == null) {
            String name = callee.getClass().getName();
            int lambda = name.indexOf("$$Lambda");
            return lambda < 0 ? name : "a lambda of " + name.substring(0, lambda);
        }
        return function.text();
    }

    /** The message for the worker that is to have it. */
    final byte[] numbered() {
        Frames.setInt(frame, Frames.NUMBER, number);
        return frame;
    }

    final byte[] frame() {
        return frame;
    }

    final int length() {
        return length;
    }

    final SentFunction function() {
        return function;
    }

    /**
     * Called once, without a lock.
     *
     * @param kind of the message that holds the outcome
     * @param bytes hold it; they change afterwards
     * @param offset where the content begins
     * @param length of the content
     * @return what has to be settled if nobody waits; null if nothing
     */
    abstract AsyncResult<?> arrived(int kind, byte[] bytes, int offset, int length);

    /** Called once, without a lock, instead of {@link #arrived}; returns as that. */
    abstract AsyncResult<?> failed(Throwable why);
}
