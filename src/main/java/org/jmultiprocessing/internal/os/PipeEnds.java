package org.jmultiprocessing.internal.os;

import org.jmultiprocessing.internal.ffi.Binding;

/** Both ends of a POSIX pipe of the library's own, non-blocking. Belongs to one thread. */
public final class PipeEnds implements AutoCloseable {
    private final Fd writer;
    private Fd reader;

    private PipeEnds(Fd reader, Fd writer) {
        this.reader = reader;
        this.writer = writer;
    }

    /**
     * @param name what it is, for error texts
     * @return a new pipe
     */
    public static PipeEnds open(String name) {
        int[] fds = new int[2];
        OsErrors.check("pipe", name, Binding.posix().pipe(fds, 3));
        return new PipeEnds(Fd.lasting(fds[0], name), Fd.lasting(fds[1], name));
    }

    /** @return the reading end, which is closed with this */
    public Fd reader() {
        return reader;
    }

    /** @return the writing end, which is closed with this */
    public Fd writer() {
        return writer;
    }

    /** @return the reading end, which from now on is the caller's to close */
    public Fd takeReader() {
        Fd taken = reader;
        reader = null;
        return taken;
    }

    @Override
    public void close() {
        writer.close();
        if (reader != null) {
            reader.close();
        }
    }
}
