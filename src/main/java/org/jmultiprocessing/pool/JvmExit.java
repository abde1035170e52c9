package org.jmultiprocessing.pool;

/** Whether this JVM is on its way out, when workers end because of that. */
final class JvmExit {
    private static final Thread NO_HOOK = new Thread(null, null, "jmp-no-hook", 0, false);

    private JvmExit() { }

    static boolean isUnderWay() {
        try {
            Runtime.getRuntime().removeShutdownHook(NO_HOOK);
            return false;
        } catch (IllegalStateException shutdownInProgress) {
            return true;
        }
    }
}
