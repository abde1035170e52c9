package org.jmultiprocessing.internal.os;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Blocks on a {@link SharedWord} ({@code futex(2)}). A platform thread blocks in the kernel; a virtual one parks, with a {@link WordWatch} blocking
 * in its stead. {@link Thread#interrupt} ends an interruptible wait by counting the word up and waking all who wait on it: they look again, as every
 * wait may end without reason.
 */
public final class WordWait extends InterruptibleWait {
    private static final int SLOTS = 64;
    /** By the ids of threads, as far as there is room. */
    private static final AtomicReferenceArray<WordWait> IDLE = new AtomicReferenceArray<>(SLOTS);
    private static final Set<WordWait> ALL = ConcurrentHashMap.newKeySet();

    private static final Runnable WAKE_ALL = new WakeAll();

    static {
        Exiting.prepare(WAKE_ALL);
        Forking.inChild(Forking.Phase.FORGET, new Forgetting());
    }

    /** What a thread is blocked on; null if none is. */
    private volatile SharedWord word;

    /** A class, not a lambda: many a child comes here. */
    private static final class WakeAll implements Runnable {
        @Override
        public void run() {
            wakeAll();
        }
    }

    /** In a forked child, where none of the parent's threads waits. */
    private static final class Forgetting implements Runnable {
        @Override
        public void run() {
            for (int slot = 0; slot < SLOTS; slot++) {
                IDLE.set(slot, null);
            }
            ALL.clear();
            Exiting.prepare(WAKE_ALL);
        }
    }

    private WordWait() {
        ALL.add(this);
    }

    /**
     * Blocks while a word has a value. May end without reason.
     *
     * @param word the word
     * @param expected the value
     * @param nanos at most so long; negative: for ever; 0: not at all
     * @param interruptible whether an interrupt ends the wait; the flag stays set, for the caller to look at
     */
    public static void await(SharedWord word, int expected, long nanos, boolean interruptible) {
        if (nanos == 0 || word.get() != expected) {
            return;
        }
        if (Parker.isVirtual()) {
            WordWatch.await(word, expected, nanos, interruptible);
            return;
        }
        int slot = (int) Thread.currentThread().getId() & SLOTS - 1;
        WordWait idle = IDLE.getAndSet(slot, null);
        WordWait wait = idle != null ? idle : new WordWait();
        try {
            wait.block(word, expected, nanos, interruptible);
        } finally {
            if (!IDLE.compareAndSet(slot, null, wait)) {
                ALL.remove(wait);
            }
        }
    }

    private void block(SharedWord awaited, int expected, long nanos, boolean interruptible) {
        word = awaited;
        try {
            if (interruptible) {
                begin();
            }
            try {
                // Who has not yet said what it waits for when the exit wakes everybody sees here that it has begun.
                if (!Exiting.hasBegun()) {
                    awaited.block(expected, nanos);
                }
            } finally {
                if (interruptible) {
                    end();
                }
            }
        } finally {
            word = null;
        }
        if (Exiting.hasBegun() && awaited.get() == expected) {
            Exiting.pause(nanos);
        }
    }

    /** Has all waits of this process look again. */
    public static void wakeAll() {
        for (WordWait wait : ALL) {
            wait.wake();
        }
    }

    /** Called by the interrupting thread, or by the waiting one if it was interrupted before. */
    @Override
    public void wake() {
        SharedWord awaited = word;
        if (awaited != null) {
            awaited.countUpAndWake(Integer.MAX_VALUE);
        }
    }
}
