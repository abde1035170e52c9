package org.jmultiprocessing.internal.os;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Blocks on a {@link SharedWord} ({@code futex(2)}). A platform thread blocks in the kernel; a virtual one parks, with a {@link WordWatch} blocking
 * in its stead. {@link Thread#interrupt} ends an interruptible wait by counting the word up and waking all who wait on it: they look again, as every
 * wait may end without reason.
 */
public final class WordWait extends InterruptibleWait {
    private static final ConcurrentLinkedDeque<WordWait> IDLE = new ConcurrentLinkedDeque<>();
    private static final Map<WordWait, SharedWord> BLOCKED = new ConcurrentHashMap<>();

    private static final Runnable WAKE_ALL = new WakeAll();

    static {
        Exiting.prepare(WAKE_ALL);
        Forking.inChild(Forking.Phase.FORGET, new Forgetting());
    }

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
            IDLE.clear();
            BLOCKED.clear();
            Exiting.prepare(WAKE_ALL);
        }
    }

    private WordWait() { }

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
        WordWait idle = IDLE.pollFirst();
        WordWait wait = idle != null ? idle : new WordWait();
        try {
            wait.block(word, expected, nanos, interruptible);
        } finally {
            IDLE.addFirst(wait);
        }
    }

    private void block(SharedWord awaited, int expected, long nanos, boolean interruptible) {
        word = awaited;
        BLOCKED.put(this, awaited);
        try {
            if (interruptible) {
                begin();
            }
            try {
                // Who is not yet on the list when the exit wakes everybody sees here that it has begun.
                if (!Exiting.hasBegun()) {
                    awaited.block(expected, nanos);
                }
            } finally {
                if (interruptible) {
                    end();
                }
            }
        } finally {
            BLOCKED.remove(this);
            word = null;
        }
        if (Exiting.hasBegun() && awaited.get() == expected) {
            Exiting.pause(nanos);
        }
    }

    /** Has all waits of this process look again. */
    public static void wakeAll() {
        for (SharedWord blocked : BLOCKED.values()) {
            blocked.countUpAndWake(Integer.MAX_VALUE);
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
