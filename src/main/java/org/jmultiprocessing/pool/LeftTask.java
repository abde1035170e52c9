package org.jmultiprocessing.pool;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/** A task that no worker had begun when the pool was shut down: can be run here. */
record LeftTask(WorkItem item, AtomicBoolean ran) implements Runnable {
    LeftTask(WorkItem item) {
        this(item, new AtomicBoolean());
    }

    @Override
    public void run() {
        if (ran.compareAndSet(false, true)) {
            WireInput in = new WireInput(item.frame(), Frames.FUNCTION_ID, item.length() - Frames.FUNCTION_ID, null);
            WireOutput out = Frames.take();
            try {
                TaskCall call = new TaskCall();
                SentFunction function = item.function();
                if (function != null) {
                    call.learn(function.id(), new WireInput(function.frame(), SentFunction.CONTENT, function.length() - SentFunction.CONTENT, null));
                }
                int kind = call.run(item.frame()[0], in, out);
                AsyncResult<?> result = item.arrived(kind, out.array(), 0, out.length());
                if (result != null) {
                    result.settle();
                }
            } finally {
                Frames.release(out);
            }
        }
    }
}
