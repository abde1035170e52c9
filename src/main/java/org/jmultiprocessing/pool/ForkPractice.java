package org.jmultiprocessing.pool;

import java.util.List;
import org.jmultiprocessing.internal.arena.Batch;
import org.jmultiprocessing.internal.arena.ByteQueue;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.task.Function1;
import org.jmultiprocessing.task.Function2;

/** What a fork server does before it serves, for its children to find it done: they are workers of pools. Found by name. */
final class ForkPractice implements Runnable {
    private static final int CALLS = 40;
    private static final int ELEMENTS = 1000;

    ForkPractice() { }

    /** A task that nobody waits for. */
    private static final class Item extends WorkItem {
        Item(int kind, Object function, Object... content) {
            super(kind, function, SentFunction.ofStateless(function), content, "the arguments", null);
        }

        @Override
        AsyncResult<?> arrived(int kind, byte[] bytes, int offset, int length) {
            throw new AssertionError("no pool has this task");
        }

        @Override
        AsyncResult<?> failed(Throwable why) {
            throw new AssertionError("no pool has this task", why);
        }
    }

    @Override
    public void run() {
        try (ByteQueue tasks = ByteQueue.create(0, 0, false); ByteQueue results = ByteQueue.create(0, 0, false); Board board = Board.create()) {
            byte[] init = new Workshop(Pool.builder()).init();
            put(tasks, init, init.length);
            int count = giveAll(tasks, board);
            put(tasks, new byte[] {Frames.STOP, 0, 0, 0, 0, 0, 0, 0}, 1);
            byte[] start = WorkerMain.start(tasks, results, board, 0);
            WorkerMain worker = new WorkerMain(new WireInput(start, 0, start.length, null));
            worker.work();
            worker.close();
            read(results, count);
        } catch (Exception e) {
            throw new IllegalStateException("a worker does not do its tasks", e);
        }
    }

    private static int giveAll(ByteQueue tasks, Board board) {
        Function1<Object, Object> same = ForkPractice::same;
        Function2<Object, Object, Object> second = ForkPractice::second;
        Object[] elements = new Object[ELEMENTS];
        for (int i = 0; i < ELEMENTS; i++) {
            elements[i] = i;
        }
        put(tasks, SentFunction.ofStateless(same));
        put(tasks, SentFunction.ofStateless(second));
        int number = 1;
        for (int i = 0; i < CALLS; i++) {
            give(tasks, board, number++, new Item(Frames.CALL, same, i));
            give(tasks, board, number++, new Item(Frames.CALL, second, "text", List.of(1L, 2.5)));
        }
        Function1<Object, Object> other = ForkPractice::other;
        Function1<Object, Object> third = ForkPractice::third;
        put(tasks, SentFunction.ofStateless(other));
        put(tasks, SentFunction.ofStateless(third));
        give(tasks, board, number++, new Item(Frames.MAP, same, elements));
        give(tasks, board, number++, new Item(Frames.MAP, other, elements));
        give(tasks, board, number++, new Item(Frames.MAP, third, elements));
        give(tasks, board, number++, new Item(Frames.ITEMS, same, elements));
        return number - 1;
    }

    private static void give(ByteQueue tasks, Board board, int number, Item item) {
        item.number = number;
        board.offer(number);
        put(tasks, item.numbered(), item.length());
    }

    private static void put(ByteQueue tasks, SentFunction function) {
        put(tasks, function.frame(), function.length());
    }

    private static void put(ByteQueue tasks, byte[] bytes, int length) {
        if (tasks.offer(bytes, 0, length) != ByteQueue.Outcome.DONE) {
            throw new IllegalStateException("a ring without a bound took nothing");
        }
    }

    /** The readiness of the worker, and a value for each task. */
    private static void read(ByteQueue results, int count) throws InterruptedException {
        Batch batch = new Batch(ELEMENTS, 1 << 16);
        int ready = 0;
        int values = 0;
        while (ready + values < count + 1) {
            results.take(batch, ELEMENTS, Deadline.NEVER);
            for (int i = 0; i < batch.count(); i++) {
                int kind = batch.bytes()[batch.start(i)];
                ready += kind == Frames.READY ? 1 : 0;
                values += kind == Frames.VALUE || kind == Frames.VALUES ? 1 : 0;
            }
        }
        if (ready != 1 || values != count) {
            throw new IllegalStateException("a worker did " + values + " of " + count + " tasks");
        }
    }

    private static Object same(Object element) {
        return element;
    }

    private static Object other(Object element) {
        return element;
    }

    private static Object third(Object element) {
        return element;
    }

    private static Object second(Object first, Object second) {
        return second;
    }
}
