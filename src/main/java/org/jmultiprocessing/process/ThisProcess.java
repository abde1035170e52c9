package org.jmultiprocessing.process;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jmultiprocessing.internal.os.ProcessIds;

/** What this process knows of itself: in the main process by default, in a child from its start data. */
final class ThisProcess {
    private static volatile int[] identity = {};
    private static volatile String name = "MainProcess";
    private static volatile boolean daemon;
    private static volatile boolean bootstrapping;
    private static volatile Process subclass;
    private static volatile String parentName;
    private static volatile int parentPid;
    private static final AtomicInteger CHILDREN = new AtomicInteger();

    private static AuthKey authKey;

    private ThisProcess() { }

    /** In a child that has its parent's memory. */
    static void becomeForked(ChildIdentity child) {
        CHILDREN.set(0);
        becomeChild(child);
    }

    static void becomeChild(ChildIdentity child) {
        identity = child.identity();
        name = child.name();
        daemon = child.daemon();
        parentName = child.parentName();
        parentPid = child.parentPid();
        setAuthKey(new AuthKey(child.authKey()));
        StartMethod.choose(StartMethod.named(child.startMethod()), true);
        bootstrapping = true;
    }

    /** The target is about to run: from now on this process may have children. */
    static void bootstrapped(Process object) {
        subclass = object;
        bootstrapping = false;
    }

    static boolean isBootstrapping() {
        return bootstrapping;
    }

    /** The identity of a new child: this process's, and how many it had before, plus one. */
    static int[] nextIdentity() {
        int[] mine = identity;
        int[] next = Arrays.copyOf(mine, mine.length + 1);
        next[mine.length] = CHILDREN.incrementAndGet();
        return next;
    }

    static int[] identity() {
        return identity.clone();
    }

    static String name() {
        return name;
    }

    static void setName(String newName) {
        name = newName;
    }

    static boolean daemon() {
        return daemon;
    }

    static int pid() {
        return ProcessIds.self();
    }

    static Process subclass() {
        return subclass;
    }

    static String parentName() {
        return parentName;
    }

    static int parentPid() {
        return parentPid;
    }

    static synchronized AuthKey authKey() {
        if (authKey == null) {
            authKey = AuthKey.random();
        }
        return authKey;
    }

    static synchronized void setAuthKey(AuthKey key) {
        authKey = key;
    }
}
