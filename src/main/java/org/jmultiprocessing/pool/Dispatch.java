package org.jmultiprocessing.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jmultiprocessing.errors.OsException;

/** Which worker has which task next. Under the lock of the {@link Crew}. */
final class Dispatch {
    private final ArrayDeque<WorkItem> queue = new ArrayDeque<>();
    private final List<WorkerLink> workers = new ArrayList<>();
    private final BiConsumer<WorkItem, OsException> refused;
    private final Timeouts timeouts;
    private final BooleanSupplier hasSpare;
    /** No worker has room: nothing to look for until one has finished something. */
    private boolean saturated;

    /**
     * @param refused told of tasks for which shared memory has no room
     * @param timeouts watches workers that have tasks
     * @param hasSpare whether more workers could be had: then none is given a task ahead
     */
    Dispatch(BiConsumer<WorkItem, OsException> refused, Timeouts timeouts, BooleanSupplier hasSpare) {
        this.refused = refused;
        this.timeouts = timeouts;
        this.hasSpare = hasSpare;
    }

    /** The workers that there are. */
    List<WorkerLink> workers() {
        return workers;
    }

    /** Removes a worker that has ended. Returns what it had begun; the rest waits again. */
    List<WorkItem> lost(WorkerLink worker) {
        workers.remove(worker);
        timeouts.forget(worker);
        takeBackAll(worker);
        List<WorkItem> begun = new ArrayList<>();
        for (WorkItem item = worker.current(); item != null; item = worker.current()) {
            worker.lose(item);
            begun.add(item);
        }
        return begun;
    }

    void add(WorkItem item) {
        queue.add(item);
        if (!saturated) {
            handOut(System.nanoTime());
        }
    }

    /** How many tasks no worker has. */
    int waiting() {
        return queue.size();
    }

    /** How many workers have been started and are not ready. */
    int starting() {
        int count = 0;
        for (WorkerLink worker : workers) {
            count += worker.isReady() ? 0 : 1;
        }
        return count;
    }

    /** Takes all that no worker has begun. */
    List<WorkItem> clear() {
        workers.forEach(this::takeBackAll);
        List<WorkItem> all = new ArrayList<>(queue);
        queue.clear();
        return all;
    }

    /** Gives waiting tasks to workers that have room. */
    void handOut(long now) {
        for (WorkerLink worker : workers) {
            if (worker.isStuck(now)) {
                takeBackAll(worker);
            }
        }
        while (true) {
            WorkerLink worker = leastLoaded();
            saturated = worker == null || worker.load() > 0 && hasSpare.getAsBoolean();
            if (saturated) {
                return;
            }
            WorkItem item = queue.poll();
            if (item == null) {
                if (!worker.isIdle()) {
                    return;
                }
                item = takeFromOther();
                if (item == null) {
                    return;
                }
            }
            if (!item.over) {
                give(worker, item, now);
            }
        }
    }

    private void give(WorkerLink worker, WorkItem item, long now) {
        try {
            worker.give(item, now);
            timeouts.watch(worker);
        } catch (OsException full) {
            refused.accept(item, full);
        }
    }

    /** Lets a worker end after the task that it has begun. */
    void retire(WorkerLink worker) {
        takeBackAll(worker);
        worker.stop();
        handOut(System.nanoTime());
    }

    /** Lets so many end, those with the least to do first; those that are about to end count. */
    void shrink(int surplus) {
        List<WorkerLink> staying = new ArrayList<>(workers);
        staying.removeIf(WorkerLink::isStopping);
        staying.sort(Comparator.comparingInt(WorkerLink::load));
        int count = surplus - (workers.size() - staying.size());
        for (int i = 0; i < Math.min(count, staying.size()); i++) {
            retire(staying.get(i));
        }
    }

    void stopAll() {
        workers.forEach(WorkerLink::stop);
    }

    void forget(SentFunction function) {
        for (WorkerLink worker : workers) {
            worker.forget(function);
        }
    }

    private WorkerLink leastLoaded() {
        WorkerLink best = null;
        // From the end: of several that are idle the one that was so last is likely to be awake still.
        for (int i = workers.size() - 1; i >= 0; i--) {
            WorkerLink worker = workers.get(i);
            if (worker.hasRoom() && (best == null || worker.load() < best.load())) {
                best = worker;
                if (best.load() == 0) {
                    return best;
                }
            }
        }
        return best;
    }

    /** A task that another worker has, but has not begun, for an idle one. */
    private WorkItem takeFromOther() {
        WorkerLink busiest = null;
        for (WorkerLink worker : workers) {
            if (worker.load() > 1 && (busiest == null || worker.load() > busiest.load())) {
                busiest = worker;
            }
        }
        return busiest == null ? null : busiest.takeBackNewest();
    }

    void takeBackAll(WorkerLink worker) {
        WorkItem item = worker.takeBackNewest();
        while (item != null) {
            putBack(item);
            item = worker.takeBackNewest();
        }
    }

    /** The newest first: so all come back to their places. */
    void putBack(WorkItem item) {
        if (queue.isEmpty() || item.order < queue.peek().order) {
            queue.addFirst(item);
        } else {
            List<WorkItem> all = new ArrayList<>(queue);
            all.add(item);
            all.sort(Comparator.comparingLong(each -> each.order));
            queue.clear();
            queue.addAll(all);
        }
    }
}
