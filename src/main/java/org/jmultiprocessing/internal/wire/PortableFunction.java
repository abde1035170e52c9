package org.jmultiprocessing.internal.wire;

import java.io.Serializable;
import org.jmultiprocessing.task.Function0;
import org.jmultiprocessing.task.Function1;
import org.jmultiprocessing.task.Function2;
import org.jmultiprocessing.task.Function3;
import org.jmultiprocessing.task.Function4;
import org.jmultiprocessing.task.Task;
import org.jmultiprocessing.task.Task1;
import org.jmultiprocessing.task.Task2;
import org.jmultiprocessing.task.Task3;
import org.jmultiprocessing.task.Task4;

/**
 * A function that came from another process. It calls the method that the lambda or method reference called there, and can be sent on: by
 * {@link ObjectCodec} in its own form, by Java serialization as the lambda that it was.
 */
@SuppressWarnings("serial") // It is never serialized itself: writeReplace.
abstract class PortableFunction implements Serializable {
    private final transient Link link;

    private PortableFunction(Link link) {
        this.link = link;
    }

    /**
     * A form and what it means in this process.
     *
     * @param form as it travelled
     * @param type has the method
     * @param call takes what was captured and what the interface's method takes
     * @param loader finds the form's classes
     */
    record Link(FunctionForm form, Class<?> type, MethodCall call, ClassLoader loader) { }

    /** Makes a function of the form's interface. As it is declared to return an Object, the JVM loads no class but the one that is made. */
    static Object of(Link link) {
        switch (link.form.shape()) {
            case 0:
                return new OfTask(link);
            case 1:
                return new OfTask1(link);
            case 2:
                return new OfTask2(link);
            case 3:
                return new OfTask3(link);
            case 4:
                return new OfTask4(link);
            case 5:
                return new OfFunction0(link);
            case 6:
                return new OfFunction1(link);
            case 7:
                return new OfFunction2(link);
            case 8:
                return new OfFunction3(link);
            case 9:
                return new OfFunction4(link);
            default:
                throw new IllegalArgumentException("there is no function of shape " + link.form.shape());
        }
    }

    FunctionForm form() {
        return link.form;
    }

    /** The class that has the method. */
    final Class<?> type() {
        return link.type;
    }

    final Object invoke(Object... arguments) throws Exception {
        Object[] captured = link.form.captured();
        if (captured.length == 0) {
            return link.call.call(arguments);
        }
        Object[] all = new Object[captured.length + arguments.length];
        System.arraycopy(captured, 0, all, 0, captured.length);
        System.arraycopy(arguments, 0, all, captured.length, arguments.length);
        return link.call.call(all);
    }

    /** For streams that are not ours. */
    protected final Object writeReplace() {
        return link.form.serialized(link.loader);
    }

    @Override
    public String toString() {
        return link.form.implClass().replace('/', '.') + "::" + link.form.implName();
    }

    private static final class OfTask extends PortableFunction implements Task {
        OfTask(Link link) {
            super(link);
        }

        @Override
        public void run() throws Exception {
            invoke();
        }
    }

    private static final class OfTask1 extends PortableFunction implements Task1<Object> {
        OfTask1(Link link) {
            super(link);
        }

        @Override
        public void run(Object a) throws Exception {
            invoke(a);
        }
    }

    private static final class OfTask2 extends PortableFunction implements Task2<Object, Object> {
        OfTask2(Link link) {
            super(link);
        }

        @Override
        public void run(Object a, Object b) throws Exception {
            invoke(a, b);
        }
    }

    private static final class OfTask3 extends PortableFunction implements Task3<Object, Object, Object> {
        OfTask3(Link link) {
            super(link);
        }

        @Override
        public void run(Object a, Object b, Object c) throws Exception {
            invoke(a, b, c);
        }
    }

    private static final class OfTask4 extends PortableFunction implements Task4<Object, Object, Object, Object> {
        OfTask4(Link link) {
            super(link);
        }

        @Override
        public void run(Object a, Object b, Object c, Object d) throws Exception {
            invoke(a, b, c, d);
        }
    }

    private static final class OfFunction0 extends PortableFunction implements Function0<Object> {
        OfFunction0(Link link) {
            super(link);
        }

        @Override
        public Object call() throws Exception {
            return invoke();
        }
    }

    private static final class OfFunction1 extends PortableFunction implements Function1<Object, Object> {
        OfFunction1(Link link) {
            super(link);
        }

        @Override
        public Object apply(Object a) throws Exception {
            return invoke(a);
        }
    }

    private static final class OfFunction2 extends PortableFunction implements Function2<Object, Object, Object> {
        OfFunction2(Link link) {
            super(link);
        }

        @Override
        public Object apply(Object a, Object b) throws Exception {
            return invoke(a, b);
        }
    }

    private static final class OfFunction3 extends PortableFunction implements Function3<Object, Object, Object, Object> {
        OfFunction3(Link link) {
            super(link);
        }

        @Override
        public Object apply(Object a, Object b, Object c) throws Exception {
            return invoke(a, b, c);
        }
    }

    private static final class OfFunction4 extends PortableFunction implements Function4<Object, Object, Object, Object, Object> {
        OfFunction4(Link link) {
            super(link);
        }

        @Override
        public Object apply(Object a, Object b, Object c, Object d) throws Exception {
            return invoke(a, b, c, d);
        }
    }
}
