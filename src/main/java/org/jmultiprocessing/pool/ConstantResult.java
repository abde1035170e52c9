package org.jmultiprocessing.pool;

/** A task with a result that is known before. */
final class ConstantResult<T> implements AsyncResult.Work {
    private final AsyncResult<Object> task;
    private final AsyncResult<T> result;

    ConstantResult(Engine engine, Object task, T value) {
        this.result = new AsyncResult<>(engine.callbacks(), this);
        this.task = engine.call(task, new Object[0]);
        this.task.whenCompleteAsync((nothing, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        }, Runnable::run);
    }

    AsyncResult<T> result() {
        return result;
    }

    @Override
    public boolean cancel(boolean running) {
        return task.cancel(running);
    }
}
