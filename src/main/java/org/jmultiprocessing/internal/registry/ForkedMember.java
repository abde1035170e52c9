package org.jmultiprocessing.internal.registry;

/** What a forked child does to be a process of its parent's tree of its own. */
public final class ForkedMember {
    private ForkedMember() { }

    /** In the child, before anything that is shared is used: gives up what is the parent's alone, and joins the trees that it used. */
    public static void join() {
        Kept.forget(Lineage.reader(), Lineage.writer());
        Tree.rejoin();
    }
}
