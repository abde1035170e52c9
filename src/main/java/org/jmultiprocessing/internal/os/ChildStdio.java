package org.jmultiprocessing.internal.os;

import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.internal.ffi.Binding;

/** The three standard streams of a child under way: the descriptors that it gets, and the parent's ends of those that are pipes. */
public final class ChildStdio implements AutoCloseable {
    private final int[] descriptors = {0, 1, 2};
    private final List<Fd> opened = new ArrayList<>();
    private final List<Fd> parents = new ArrayList<>();
    private OutputStream stdin;
    private InputStream stdout;
    private InputStream stderr;

    /**
     * @param in of {@link Redirect.Type#READ}, {@code PIPE} or {@code INHERIT}
     * @param out of any type but {@code READ}
     * @param err of any type but {@code READ}
     * @throws org.jmultiprocessing.errors.OsException if a file cannot be opened; nothing is left open then
     */
    public ChildStdio(Redirect in, Redirect out, Redirect err) {
        try {
            if (in == Redirect.PIPE) {
                stdin = new FdOutputStream(pipe(0, "stdin of a child"));
            } else {
                open(0, in);
            }
            if (out == Redirect.PIPE) {
                stdout = new FdInputStream(pipe(1, "stdout of a child"));
            } else {
                open(1, out);
            }
            if (err == Redirect.PIPE) {
                stderr = new FdInputStream(pipe(2, "stderr of a child"));
            } else {
                open(2, err);
            }
        } catch (RuntimeException e) {
            close();
            closeStreams();
            throw e;
        }
    }

    /** Makes a pipe and returns the parent's end; only that end is non-blocking, the child's is for whatever runs there. */
    private Fd pipe(int number, String name) {
        int parent = number == 0 ? 1 : 0;
        int[] fds = new int[2];
        OsErrors.check("pipe", name, Binding.posix().pipe(fds, 1 << parent));
        child(number, fds[1 - parent], name);
        Fd end = Fd.owning(fds[parent], name);
        parents.add(end);
        return end;
    }

    private void open(int number, Redirect redirect) {
        if (redirect == Redirect.INHERIT) {
            return;
        }
        int mode = switch (redirect.type()) {
            case READ -> 0;
            case WRITE -> 1;
            case APPEND -> 2;
            default -> throw new IllegalArgumentException("cannot redirect to " + redirect);
        };
        String path = redirect.file().getPath();
        child(number, OsErrors.check("open", path, Binding.posix().openFile(CStrings.of(path), mode)), path);
    }

    private void child(int number, int raw, String name) {
        opened.add(Fd.lasting(raw, name));
        descriptors[number] = raw;
    }

    /**
     * @param number 0, 1 or 2
     * @return the descriptor in this process that becomes it
     */
    public int descriptor(int number) {
        return descriptors[number];
    }

    /** @return the stream into the child's stdin; null if that is no pipe */
    public OutputStream stdin() {
        return stdin;
    }

    /** @return the stream out of the child's stdout; null if that is no pipe */
    public InputStream stdout() {
        return stdout;
    }

    /** @return the stream out of the child's stderr; null if that is no pipe */
    public InputStream stderr() {
        return stderr;
    }

    /** Closes the child's ends, once it has them. The parent's streams stay open. */
    @Override
    public void close() {
        opened.forEach(Fd::close);
    }

    /** Closes the parent's ends too, once nobody is to read or write them any more. */
    public void closeStreams() {
        parents.forEach(Fd::close);
    }

    /** In a forked child, which has nothing to do with these streams. */
    public void abandon() {
        for (Fd parent : parents) {
            parent.abandon();
        }
    }

    /** @return {@code /dev/null} to read from, the default stdin of a child ({@code multiprocessing.util._close_stdin}) */
    public static Redirect nothing() {
        return Redirect.from(new File("/dev/null"));
    }
}
