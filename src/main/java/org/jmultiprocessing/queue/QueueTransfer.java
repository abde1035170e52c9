package org.jmultiprocessing.queue;

import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.arena.ByteQueue;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/** How a queue travels: as the names of its tree and file. Classes, not lambdas, because a fresh child meets them on its way to its first line. */
final class QueueTransfer {
    private QueueTransfer() { }

    static void write(TransferOutput out, ObjectQueue queue) {
        queue.checkOpen();
        queue.bytes().handOut();
        out.writeString(queue.bytes().treeId());
        out.writeString(queue.bytes().file());
    }

    private static ObjectQueue read(TransferInput in) {
        if (!in.isFromOwnTree()) {
            throw new SerializationException("a queue travels between processes that trust each other with code only: those of one tree");
        }
        String tree = in.readString();
        return new ObjectQueue(ByteQueue.attach(tree, in.readString()));
    }

    /** Of a {@link Queue}. */
    static final class OfQueue implements Transferable.Reader<Queue<?>> {
        @Override
        public Queue<?> readTransfer(TransferInput in) {
            return new Queue<>(read(in));
        }
    }

    /** Of a {@link JoinableQueue}. */
    static final class OfJoinableQueue implements Transferable.Reader<JoinableQueue<?>> {
        @Override
        public JoinableQueue<?> readTransfer(TransferInput in) {
            return new JoinableQueue<>(read(in));
        }
    }

    /** Of a {@link SimpleQueue}. */
    static final class OfSimpleQueue implements Transferable.Reader<SimpleQueue<?>> {
        @Override
        public SimpleQueue<?> readTransfer(TransferInput in) {
            return new SimpleQueue<>(read(in));
        }
    }
}
