package org.jmultiprocessing.internal.launch;

import org.jmultiprocessing.internal.os.AnonymousFile;
import org.jmultiprocessing.internal.os.Descriptors;
import org.jmultiprocessing.internal.os.SignalNotes;

/**
 * The main class of a spawned child. What runs here runs in every child before its target, in a cold JVM, so it uses no more of the JDK than it
 * must: no lambda, no string concatenation, no stream, no reflection.
 */
public final class ChildMain {
    private ChildMain() { }

    /**
     * Runs the task that the start data name, and exits.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        int code;
        boolean plainly = false;
        try {
            ChildStart start = receive();
            plainly = start.exitsPlainly();
            code = ChildTask.find(start.task()).run(start);
        } catch (Throwable failure) {
            failure.printStackTrace();
            code = 1;
        }
        ChildExit.exit(code, plainly);
    }

    private static ChildStart receive() {
        int notes = Descriptors.adopt(Launcher.SIGNAL_NOTES);
        SignalNotes.write(notes);
        LifeLine.hold(Descriptors.adopt(Launcher.LIFE_LINE));
        Descriptors.discard(Launcher.JVM_OPTIONS);
        ChildStart start = StartData.read(AnonymousFile.readAndClose(Launcher.START_DATA));
        Thread.currentThread().setContextClassLoader(start.loader());
        SignalNotes.beforeUserCode(notes);
        return start;
    }
}
