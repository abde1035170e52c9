package org.jmultiprocessing.internal.os;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;

/**
 * {@code System.out}, {@code err} and {@code in} around a fork. Those that the JVM has made are made anew in the child: another thread may have held
 * their locks. A stream that the program installed stays.
 */
final class StandardStreams {
    private static final int BUFFER = 8192;

    private final JdkField out = JdkField.find(FilterOutputStream.class, false, "out", "Ljava/io/OutputStream;");
    private final JdkField in = JdkField.find(FilterInputStream.class, false, "in", "Ljava/io/InputStream;");

    StandardStreams() { }

    /** In the parent: what is written twice would be what is still in their buffers. */
    static void flush() {
        System.out.flush();
        System.err.flush();
    }

    /** In the child. */
    void renew() throws UnsupportedEncodingException {
        if (isOriginal(System.out, FileDescriptor.out)) {
            System.setOut(made(FileDescriptor.out, "stdout.encoding"));
        }
        if (isOriginal(System.err, FileDescriptor.err)) {
            System.setErr(made(FileDescriptor.err, "stderr.encoding"));
        }
        if (System.in.getClass() == BufferedInputStream.class && in.get(System.in) instanceof FileInputStream file && isOf(file, FileDescriptor.in)) {
            System.setIn(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        }
    }

    private boolean isOriginal(PrintStream stream, FileDescriptor descriptor) {
        if (stream.getClass() != PrintStream.class) {
            return false;
        }
        OutputStream inner = (OutputStream) out.get(stream);
        if (inner instanceof BufferedOutputStream) {
            inner = (OutputStream) out.get(inner);
        }
        return inner instanceof FileOutputStream file && isOf(file, descriptor);
    }

    private static boolean isOf(FileOutputStream file, FileDescriptor descriptor) {
        try {
            return file.getFD() == descriptor;
        } catch (java.io.IOException closed) {
            return false;
        }
    }

    private static boolean isOf(InputStream stream, FileDescriptor descriptor) {
        try {
            return ((FileInputStream) stream).getFD() == descriptor;
        } catch (java.io.IOException closed) {
            return false;
        }
    }

    private static PrintStream made(FileDescriptor descriptor, String encoding) throws UnsupportedEncodingException {
        String charset = System.getProperty(encoding, System.getProperty("sun." + encoding, Charset.defaultCharset().name()));
        return new PrintStream(new BufferedOutputStream(new FileOutputStream(descriptor), BUFFER), true, charset);
    }
}
