package org.jmultiprocessing.internal.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jmultiprocessing.internal.ffi.Binding;

/** The ids of this process and its parent, as the kernel says. */
public final class ProcessIds {
    private ProcessIds() { }

    /** @return this process's id; asked each time, since a forked child has another */
    public static int self() {
        return Binding.posix().pid();
    }

    /**
     * @param pid a process
     * @return when it started, for comparing only
     * @throws org.jmultiprocessing.errors.OsException if there is none
     */
    public static long startTime(int pid) {
        long start = Binding.posix().startTime(pid);
        if (start < 0) {
            throw OsErrors.of("find the start time of", "process " + pid, start);
        }
        return start;
    }

    /**
     * @param pid a process
     * @param start the low half of {@link #startTime} when it was seen
     * @return false if it has ended, although it may still have to be reaped
     */
    public static boolean isAlive(int pid, int start) {
        long now = Binding.posix().startTime(pid);
        if (now < 0) {
            return !OsErrors.is(now, "ESRCH");
        }
        return (int) now == start && !isZombie(pid);
    }

    /** The state is the letter after the program's name, which is in brackets and may hold anything. */
    private static boolean isZombie(int pid) {
        try {
            String line = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            int state = line.lastIndexOf(')') + 2;
            return state < line.length() && (line.charAt(state) == 'Z' || line.charAt(state) == 'X');
        } catch (IOException notThere) {
            // macOS has no such file, and a process that is being reaped this instant has none any more; the next look finds out.
            return false;
        }
    }

    /** Ends this process as SIGKILL does. Does not return. */
    public static void killSelf() {
        OsErrors.check("kill SIGKILL", "this process", Binding.posix().kill(self(), -1, "KILL"));
        while (true) {
            // The signal is under way.
            Thread.onSpinWait();
        }
    }
}
