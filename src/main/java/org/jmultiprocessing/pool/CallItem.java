package org.jmultiprocessing.pool;

import java.util.Arrays;
import org.jmultiprocessing.internal.wire.RemoteFailure;
import org.jmultiprocessing.internal.wire.WireInput;

/** One call of a function. */
final class CallItem extends WorkItem implements AsyncResult.Work {
    private final Crew crew;
    private final AsyncResult<Object> result;

    CallItem(Crew crew, Aftermath aftermath, Object function, Object[] arguments) {
        super(Frames.CALL, function, SentFunction.ofStateless(function), arguments, "the arguments", null);
        this.crew = crew;
        this.result = new AsyncResult<>(aftermath.callbacks(), this);
    }

    AsyncResult<Object> result() {
        return result;
    }

    @Override
    AsyncResult<?> arrived(int kind, byte[] bytes, int offset, int length) {
        return result.arrive(new Outcome(kind, Arrays.copyOfRange(bytes, offset, offset + length)));
    }

    private record Outcome(int kind, byte[] bytes) implements Arrival {
        @Override
        public Object open() throws Throwable {
            WireInput in = new WireInput(bytes, 0, bytes.length, null);
            if (kind == Frames.VALUE) {
                return Frames.CODEC.decode(in);
            }
            throw RemoteFailure.read(in, Frames.CODEC);
        }
    }

    @Override
    AsyncResult<?> failed(Throwable why) {
        return result.arrive(() -> {
            throw why;
        });
    }

    @Override
    public boolean cancel(boolean running) {
        return crew.cancel(this, running);
    }
}
