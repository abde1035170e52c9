package org.jmultiprocessing.internal.launch;

import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.internal.os.ControlSocket;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.os.Descriptors;
import org.jmultiprocessing.internal.os.JdkState;
import org.jmultiprocessing.internal.os.LiveFork;
import org.jmultiprocessing.internal.wire.DescriptorCarrier;
import org.jmultiprocessing.internal.wire.WireOutput;

/**
 * The main class of a fork server: a JVM without threads of its own that loads what children need and then does nothing but fork when it is asked to
 * ({@link ZygoteLoop}).
 */
public final class ZygoteMain {
    /** Descriptor of the control socket in the server. */
    static final int CONTROL = 3;
    /** System property: names of classes to load, with commas. */
    static final String PRELOAD_PROPERTY = "jmultiprocessing.forkserver.preload";

    private ZygoteMain() { }

    /** The server's JVM options, unless the child's options say otherwise: children have the server's collector. */
    static List<String> options(List<String> particular) {
        List<String> options = new ArrayList<>();
        boolean collector = false;
        boolean heap = false;
        for (String option : particular) {
            collector |= option.startsWith("-XX:+Use") && option.endsWith("GC");
            heap |= option.startsWith("-Xms") || option.startsWith("-Xmn") || option.startsWith("-XX:InitialHeapSize") || option.startsWith("-Xmx");
        }
        if (!collector) {
            options.add("-XX:+UseSerialGC");
        }
        // An archive that is mapped elsewhere than it says is written to all over, which each child would get a copy of.
        options.add("-XX:+UnlockDiagnosticVMOptions");
        options.add("-XX:ArchiveRelocationMode=0");
        if (!heap) {
            // The young generation grows late, and children are there to work. What they do not use costs nothing.
            options.add("-Xms64m");
            options.add("-Xmn32m");
        }
        return options;
    }

    /**
     * Serves until the other end of the control socket is gone.
     *
     * @param arguments none
     * @throws Exception if this JVM cannot be forked after all; the reason is on stderr then
     */
    public static void main(String[] arguments) throws Exception {
        ControlSocket control = ControlSocket.blocking(Descriptors.adopt(CONTROL));
        for (int unused = CONTROL + 1; unused <= Launcher.JVM_OPTIONS; unused++) {
            Descriptors.discard(unused);
        }
        System.gc();
        LiveFork.ignoreInterrupt();
        String preload = System.getProperty(PRELOAD_PROPERTY, "");
        WireOutput greeting = new WireOutput(DescriptorCarrier.bytesOnly("a control socket"));
        JdkState jdk = null;
        String trouble = LiveFork.obstacle();
        if (trouble == null) {
            trouble = ZygoteWarmth.preload(preload);
        }
        if (trouble == null) {
            jdk = JdkState.find(!preload.isEmpty());
            ZygoteWarmth.loadChildsWay();
        }
        greeting.writeString(trouble == null ? "" : trouble);
        control.send(greeting.array(), greeting.length(), new int[0], Deadline.NEVER);
        new ZygoteLoop(control, jdk).serve();
    }
}
