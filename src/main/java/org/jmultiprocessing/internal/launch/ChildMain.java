package org.jmultiprocessing.internal.launch;

import org.jmultiprocessing.internal.os.AnonymousFile;
import org.jmultiprocessing.internal.os.Descriptors;
import org.jmultiprocessing.internal.os.SignalNotes;

/**
 * The main class of a spawned child. What runs here runs in every child before its target, mostly in a cold JVM, so it uses no more of the JDK than
 * it must: no lambda, no string concatenation, no stream, no reflection.
 */
public final class ChildMain {
    private ChildMain() { }

    /**
     * Runs the task that the start data name, and exits.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        run(new ChildDescriptors(null));
    }

    /** What a child does, whichever way it came into being. Does not return. */
    static void run(ChildDescriptors inherited) {
        int code;
        boolean plainly = false;
        try {
            ChildStart start = receive(inherited);
            plainly = start.exitsPlainly();
            code = ChildTask.find(start.task()).run(start);
        } catch (Throwable failure) {
            failure.printStackTrace();
            code = 1;
        }
        ChildExit.exit(code, plainly);
    }

    private static ChildStart receive(ChildDescriptors inherited) {
        int notes = inherited.take(Launcher.SIGNAL_NOTES);
        SignalNotes.write(notes);
        LifeLine.hold(inherited.take(Launcher.LIFE_LINE));
        Descriptors.discard(inherited.number(Launcher.JVM_OPTIONS));
        ChildStart start = StartData.read(AnonymousFile.readAndClose(inherited.number(Launcher.START_DATA)), inherited);
        Thread.currentThread().setContextClassLoader(start.loader());
        SignalNotes.beforeUserCode(notes);
        return start;
    }
}
