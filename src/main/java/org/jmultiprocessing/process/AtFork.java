package org.jmultiprocessing.process;

import org.jmultiprocessing.internal.launch.SelfFork;

/** What a program has done around forks of its JVM ({@code os.register_at_fork}). */
public final class AtFork {
    private AtFork() { }

    /**
     * Adds hooks for {@link StartMethod#FORK}; each may be null. Children have them too, for forks of their own.
     *
     * @param beforeFork in the parent before a fork, the last registered first
     * @param afterForkInParent in the parent after it, whether there is a child or not
     * @param afterForkInChild in the child before its target
     */
    public static void register(Runnable beforeFork, Runnable afterForkInParent, Runnable afterForkInChild) {
        SelfFork.addHooks(new SelfFork.Hooks(beforeFork, afterForkInParent, afterForkInChild));
    }
}
