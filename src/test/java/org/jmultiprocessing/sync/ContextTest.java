package org.jmultiprocessing.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.jmultiprocessing.Context;
import org.jmultiprocessing.Multiprocessing;
import org.junit.jupiter.api.Test;

/** A context makes what Python's does. */
class ContextTest {
    @Test
    void aContextMakesThemAll() {
        Context context = Multiprocessing.context("spawn");
        assertFalse(context.lock().isLocked());
        RLock lock = context.rlock();
        assertFalse(lock.isLocked());
        assertEquals(3, context.semaphore(3).getValue());
        assertEquals(2, context.boundedSemaphore(2).getValue());
        assertFalse(context.event().isSet());
        assertFalse(context.condition().lock().isLocked());
        assertSame(lock, context.condition(lock).lock());
        assertEquals(4, context.barrier(4).parties());
    }
}
