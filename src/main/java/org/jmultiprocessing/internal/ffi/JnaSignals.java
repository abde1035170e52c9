package org.jmultiprocessing.internal.ffi;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;

/**
 * Signals of this process. A C signal handler cannot be had from Java, but the JVM's own handlers can be asked for by {@code sun.misc.Signal}:
 * ours notes the signal, then calls the JVM's. By reflection, because module {@code jdk.unsupported} may not be there.
 */
final class JnaSignals {
    private static final String[] NOTED = {"TERM", "INT", "HUP"};

    private JnaSignals() {
    }

    static boolean canNote() {
        try {
            Class.forName("sun.misc.Signal");
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    static int note(int fd) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Method install = signalClass.getMethod("handle", signalClass, handlerClass);
            for (String name : NOTED) {
                Note note = new Note(fd, JnaConstants.signalNumber(name), handlerClass.getMethod("handle", signalClass));
                Object handler = Proxy.newProxyInstance(handlerClass.getClassLoader(), new Class<?>[] {handlerClass}, note);
                note.install(install, signalClass.getConstructor(String.class).newInstance(name), handler);
            }
            return 0;
        } catch (ReflectiveOperationException absent) {
            return -JnaConstants.ENOTSUP;
        }
    }

    /** Children whose SIGCHLD is ignored leave no status, and a parent may have started this process so. As the JDK does before its own. */
    static void keepChildStatus() {
        if (isIgnored(JnaConstants.SIGCHLD)) {
            JnaLibc.signal(JnaConstants.SIGCHLD, 0);
        }
    }

    static boolean isIgnored(int signal) {
        try (Memory old = new Memory(256)) {
            old.clear();
            long ignored = 1;
            return JnaLibc.sigaction(signal, 0, Pointer.nativeValue(old)) == 0 && old.getLong(0) == ignored;
        }
    }

    /** A {@code sun.misc.SignalHandler} in front of another. */
    private static final class Note implements InvocationHandler {
        private final int fd;
        private final int number;
        private final Method handle;
        private final CountDownLatch installed = new CountDownLatch(1);
        private volatile Object next;

        Note(int fd, int number, Method handle) {
            this.fd = fd;
            this.number = number;
            this.handle = handle;
        }

        /** Puts back what was there unless it is the JVM's own handler. */
        void install(Method install, Object signal, Object handler) throws ReflectiveOperationException {
            try {
                Object previous = install.invoke(null, signal, handler);
                if (isOfJvm(previous)) {
                    next = previous;
                } else {
                    install.invoke(null, signal, previous);
                }
            } catch (InvocationTargetException refused) {
                // -Xrs: signals are the user's business, and this process ends by them as any other does.
                if (!(refused.getCause() instanceof IllegalArgumentException)) {
                    throw refused;
                }
            } finally {
                installed.countDown();
            }
        }

        /** SIG_DFL and SIG_IGN are of the same origin, but constants. */
        private boolean isOfJvm(Object handler) throws ReflectiveOperationException {
            Class<?> type = handle.getDeclaringClass();
            return handler.getClass().getName().startsWith("sun.misc.") && handler != type.getField("SIG_DFL").get(null)
                    && handler != type.getField("SIG_IGN").get(null);
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            switch (method.getName()) {
                case "equals":
                    return proxy == arguments[0];
                case "hashCode":
                    return System.identityHashCode(proxy);
                case "toString":
                    return "note of " + JnaConstants.signalName(number);
                default:
                    installed.await();
                    write();
                    return next == null ? null : handle.invoke(next, arguments);
            }
        }

        private void write() {
            try (JnaBuffer buffer = JnaBuffer.take()) {
                buffer.memory.setByte(0, (byte) number);
                // Nobody is there to hear of an error; the reader sees an end without a note.
                JnaLibc.write(fd, buffer.address, 1);
            }
        }
    }
}
