package org.jmultiprocessing.internal.os;

import org.jmultiprocessing.errors.ExitStatus;
import org.jmultiprocessing.internal.ffi.Binding;

/**
 * Tells a child that a signal ended from one that exited: HotSpot turns SIGTERM, SIGINT and SIGHUP into the exit codes 143, 130 and 129, which a
 * program may also choose. A child notes each such signal in a pipe before HotSpot sees it; the parent reads the notes when the child has ended.
 * HotSpot has handlers long before the child can note anything, so the child also notes that the first code that might choose an exit code is about
 * to run: until then these exit codes can only come from signals.
 */
public final class SignalNotes {
    private static final int SHELL_SIGNAL_BASE = 128;
    /** The classic signals have numbers below this everywhere. */
    private static final int SIGNALS = 32;
    /** What a signal in the middle of HotSpot's own start leads to: {@code java.lang.InternalError: Bad level}. */
    private static final int FAILED_START = 1;
    /** No signal has this number. */
    private static final byte USER_CODE = 0;

    private SignalNotes() { }

    /**
     * In a child: notes signals from now on, where the binding can.
     *
     * @param raw the writing end of the pipe, open until the process ends
     */
    public static void write(int raw) {
        int result = Binding.posix().noteSignals(raw);
        if (result < 0 && !OsErrors.is(result, "ENOTSUP") && !OsErrors.is(result, "EOPNOTSUPP")) {
            throw OsErrors.of("sigaction", "", result);
        }
    }

    /**
     * In a child: notes that the user's code runs from now on. As late as possible: a signal that came before {@link #write} ends the child some
     * instants later.
     *
     * @param raw as for {@link #write}
     */
    public static void beforeUserCode(int raw) {
        byte[] note = {USER_CODE};
        // Without a reader there is nobody to tell; the life line ends this process then.
        int result = Binding.posix().write(raw, note, 0, note.length);
        if (result < 0 && !OsErrors.is(result, "EPIPE")) {
            throw OsErrors.of("write", "signal notes", result);
        }
    }

    /**
     * In the parent, after the end of the child.
     *
     * @param notes the reading end, closed here
     * @param status as waitpid gave it
     * @param sent the signal that this process sent last, without SIG, but for KILL; null if none
     * @return the status with the signal, if the exit code is the one that HotSpot makes of a signal that was noted, was sent by this process or came
     *         before the user's code; else as it was
     */
    public static ExitStatus apply(Fd notes, ExitStatus status, String sent) {
        byte[] noted = new byte[64];
        int count;
        int raw = notes.acquire();
        try {
            count = Binding.posix().read(raw, noted, 0, noted.length, 0);
        } finally {
            notes.release();
            notes.close();
        }
        boolean beforeUserCode = !contains(noted, count, USER_CODE);
        int signal = status.code() - SHELL_SIGNAL_BASE;
        if (status.code() == FAILED_START && beforeUserCode && sent != null) {
            signal = number(sent);
        }
        return signal > 0 && (contains(noted, count, signal) || isTurnedIntoExit(signal) && (beforeUserCode || signal == number(sent)))
                ? ExitStatus.signaled(signal, Binding.posix().signalName(signal), false) : status;
    }

    /** This platform's number of a signal, if it is one that HotSpot turns into an exit code; else 0. */
    private static int number(String signal) {
        for (int number = 1; signal != null && number < SIGNALS; number++) {
            if (isTurnedIntoExit(number) && Binding.posix().signalName(number).equals("SIG" + signal)) {
                return number;
            }
        }
        return 0;
    }

    private static boolean contains(byte[] notes, int count, int note) {
        for (int i = 0; i < count; i++) {
            if (notes[i] == note) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTurnedIntoExit(int signal) {
        String name = Binding.posix().signalName(signal);
        return name.equals("SIGTERM") || name.equals("SIGINT") || name.equals("SIGHUP");
    }
}
