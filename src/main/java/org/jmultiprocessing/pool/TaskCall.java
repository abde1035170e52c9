package org.jmultiprocessing.pool;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.wire.RemoteFailure;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;
import org.jmultiprocessing.task.Function1;
import org.jmultiprocessing.task.Function2;
import org.jmultiprocessing.task.Function3;
import org.jmultiprocessing.task.Function4;
import org.jmultiprocessing.task.Task;
import org.jmultiprocessing.task.Task1;
import org.jmultiprocessing.task.Task2;
import org.jmultiprocessing.task.Task3;
import org.jmultiprocessing.task.Task4;

/** Turns the message of a task into that of its outcome: decodes, calls, encodes. What goes wrong, wherever, is the outcome. For one thread. */
final class TaskCall {
    /** By id; those not needed yet as bytes, so that what goes wrong with them goes wrong for a task. */
    private final Map<Integer, Object> functions = new HashMap<>();

    private record Encoded(byte[] bytes) { }

    /** Takes a function that tasks will refer to. */
    void learn(int id, WireInput in) {
        byte[] bytes = new byte[in.remaining()];
        in.read(bytes, 0, bytes.length);
        functions.put(id, new Encoded(bytes));
    }

    void forget(int id) {
        functions.remove(id);
    }

    /**
     * Runs a task.
     *
     * @param kind of its message
     * @param in the message behind the task's number
     * @param out gets the content
     * @return the kind of the outcome's message
     */
    int run(int kind, WireInput in, WireOutput out) {
        int start = out.length();
        try {
            Object function = function(in);
            Object[] content = (Object[]) Frames.CODEC.decode(in);
            if (kind != Frames.CALL) {
                return runAll(kind, function, content, out);
            }
            Object result = invoke(function, content);
            encode(result, out);
            return Frames.VALUE;
        } catch (Throwable failure) {
            out.truncate(start);
            RemoteFailure.write(out, failure, Frames.CODEC);
            return Frames.FAILURE;
        }
    }

    private Object function(WireInput in) {
        int id = in.readInt();
        if (id == 0) {
            return Frames.CODEC.decode(in);
        }
        Object known = functions.get(id);
        if (known instanceof Encoded) {
            byte[] bytes = ((Encoded) known).bytes();
            known = Frames.CODEC.decode(new WireInput(bytes, 0, bytes.length, null));
            functions.put(id, known);
        }
        if (known == null) {
            throw new SerializationException("the worker was not sent the function " + id);
        }
        return known;
    }

    private static int runAll(int kind, Object function, Object[] elements, WireOutput out) {
        ChunkRun run = new ChunkRun(kind, function, elements);
        run.run();
        return run.write(out);
    }

    /** Python's {@code MaybeEncodingError}. */
    static void encode(Object result, WireOutput out) {
        try {
            Frames.CODEC.encode(result, out, "the result");
        } catch (SerializationException e) {
            throw notSent(result, e);
        }
    }

    static SerializationException notSent(Object result, SerializationException why) {
        return new SerializationException("Error sending result: '" + shown(result) + "'. Reason: '" + why.getMessage() + "'", why);
    }

    private static String shown(Object result) {
        try {
            return String.valueOf(result);
        } catch (RuntimeException e) {
            return result.getClass().getName();
        }
    }

    /** Calls a function or a task with as many arguments as there are. The compiler has checked that they fit where it was submitted. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static Object invoke(Object function, Object[] a) throws Exception {
        switch (a.length) {
            case 0:
                return invoke(function);
            case 1:
                if (function instanceof Function1) {
                    return ((Function1) function).apply(a[0]);
                }
                ((Task1) function).run(a[0]);
                return null;
            case 2:
                if (function instanceof Function2) {
                    return ((Function2) function).apply(a[0], a[1]);
                }
                ((Task2) function).run(a[0], a[1]);
                return null;
            case 3:
                if (function instanceof Function3) {
                    return ((Function3) function).apply(a[0], a[1], a[2]);
                }
                ((Task3) function).run(a[0], a[1], a[2]);
                return null;
            default:
                if (function instanceof Function4) {
                    return ((Function4) function).apply(a[0], a[1], a[2], a[3]);
                }
                ((Task4) function).run(a[0], a[1], a[2], a[3]);
                return null;
        }
    }

    private static Object invoke(Object function) throws Exception {
        if (function instanceof Callable) {
            return ((Callable<?>) function).call();
        }
        if (function instanceof Task) {
            ((Task) function).run();
        } else {
            ((Runnable) function).run();
        }
        return null;
    }
}
