package org.jmultiprocessing.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.queue.Queue;
import org.jmultiprocessing.sharedmemory.SharedInt;
import org.jmultiprocessing.sharedmemory.SharedMemory;
import org.jmultiprocessing.sync.Barrier;
import org.jmultiprocessing.sync.Condition;
import org.jmultiprocessing.sync.Event;
import org.jmultiprocessing.sync.Lock;
import org.jmultiprocessing.sync.Semaphore;

/** Part of {@link ArchiveTraining}: objects in shared memory, received and used by a child. */
final class SharedTraining implements AutoCloseable {
    private final List<Object> objects = new ArrayList<>();
    private SharedMemory memory;

    /** Where shared memory has no room there are fewer: an archive without their classes is better than none. */
    SharedTraining() {
        try {
            objects.add(new Queue<Object>(1));
            objects.add(new Lock());
            objects.add(new Semaphore());
            objects.add(new Event());
            objects.add(new Condition());
            objects.add(new Barrier(1));
            objects.add(new SharedInt(0));
            memory = SharedMemory.create(1);
            objects.add(memory);
        } catch (OsException noRoom) {
            System.err.println(noRoom);
        }
    }

    /** What is to be sent to the child. */
    List<Object> objects() {
        return objects;
    }

    /** Does in the child what children do first with an object. */
    @SuppressWarnings("unchecked") // The queue was made here.
    static void use(Object shared) throws Exception {
        if (shared instanceof Queue<?> queue) {
            ((Queue<Object>) queue).put("message");
            queue.get();
            // Nothing comes, so this is a wait.
            queue.poll(1, TimeUnit.MILLISECONDS);
        } else if (shared instanceof Lock lock) {
            lock.hold().close();
        } else if (shared instanceof Semaphore semaphore) {
            semaphore.acquire();
            semaphore.release();
        } else if (shared instanceof Event event) {
            event.set();
            event.await();
        } else if (shared instanceof Condition condition) {
            condition.acquire();
            condition.signal();
            condition.release();
        } else if (shared instanceof Barrier barrier) {
            barrier.await();
        } else if (shared instanceof SharedInt value) {
            value.add(1);
        } else if (shared instanceof SharedMemory block) {
            block.put(0, new byte[1]);
            block.close();
        }
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
            memory.unlink();
        }
    }
}
