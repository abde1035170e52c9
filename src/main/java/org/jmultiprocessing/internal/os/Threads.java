package org.jmultiprocessing.internal.os;

/** The threads of this JVM. */
public final class Threads {
    private Threads() { }

    /**
     * @param names of threads
     * @return whether one of them lives
     */
    public static boolean isAlive(String... names) {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        Thread[] threads = new Thread[group.activeCount() + 64];
        int count = group.enumerate(threads);
        for (int i = 0; i < count; i++) {
            for (String name : names) {
                if (threads[i].getName().equals(name)) {
                    return true;
                }
            }
        }
        return false;
    }
}
