package org.jmultiprocessing.manager;

import java.util.concurrent.locks.ReentrantLock;

/** A container: one call at a time, whose result is written before the next begins, as the values in it may be changed by functions. */
abstract class ContainerReferent extends Referent {
    private final ReentrantLock lock = new ReentrantLock();

    ContainerReferent(Kind kind) {
        super(Description.of(kind));
    }

    @Override
    final void call(int method, Object[] arguments, Caller caller, Reply reply) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            reply.value(callLocked(method, arguments, caller));
        } finally {
            lock.unlock();
        }
    }

    abstract Object callLocked(int method, Object[] arguments, Caller caller);

    @Override
    final String text() {
        lock.lock();
        try {
            return content().toString();
        } finally {
            lock.unlock();
        }
    }

    abstract Object content();
}
