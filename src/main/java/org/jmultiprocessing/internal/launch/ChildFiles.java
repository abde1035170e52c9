package org.jmultiprocessing.internal.launch;

import org.jmultiprocessing.internal.os.AnonymousFile;
import org.jmultiprocessing.internal.os.ChildStdio;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.registry.Lineage;

/** This process's descriptors that a child gets, in the order of {@link Launcher}'s numbers, while the child is being started. */
final class ChildFiles implements AutoCloseable {
    private final int[] descriptors;
    private final Fd line = LifeLine.forChildren();
    private final Fd data;

    ChildFiles(LaunchRequest request, ChildStdio stdio, Fd notes, Fd options) {
        StartData start = request.start();
        int[] transferred = start.descriptors();
        data = AnonymousFile.containing(start.bytes(request.command()), start.length());
        descriptors = new int[Launcher.TRANSFERRED + transferred.length];
        for (int i = 0; i <= 2; i++) {
            descriptors[i] = stdio.descriptor(i);
        }
        descriptors[Launcher.START_DATA] = data.number();
        descriptors[Launcher.SIGNAL_NOTES] = notes.number();
        descriptors[Launcher.JVM_OPTIONS] = options.number();
        descriptors[Launcher.TREE_READER] = Lineage.reader().number();
        descriptors[Launcher.TREE_WRITER] = Lineage.writer().number();
        System.arraycopy(transferred, 0, descriptors, Launcher.TRANSFERRED, transferred.length);
        descriptors[Launcher.LIFE_LINE] = line.acquire();
    }

    int[] descriptors() {
        return descriptors;
    }

    @Override
    public void close() {
        line.release();
        data.close();
    }
}
