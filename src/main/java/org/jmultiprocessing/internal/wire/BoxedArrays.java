package org.jmultiprocessing.internal.wire;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/**
 * Arrays of objects that are all of one boxed type, as those of primitives: a pool's elements and results often are. The loops are cut into blocks of
 * a method each, as the JVM compiles a method that is called some hundred times sooner than a loop that runs some ten thousand times.
 */
final class BoxedArrays {
    /** Fewer are not worth a look at all. */
    private static final int FEWEST = 8;
    private static final int BLOCK = 32;
    private static final int STAGE = 4096;

    private BoxedArrays() { }

    /** Writes the array as one of primitives; returns false, and has written nothing, if its elements are not all integers, longs or doubles. */
    static boolean write(WireOutput out, Object[] elements) {
        if (elements.length < FEWEST) {
            return false;
        }
        int start = out.length();
        boolean written = false;
        if (elements[0] instanceof Integer) {
            written = writeInts(begin(out, Tag.INTS, elements.length, Integer.BYTES).asIntBuffer(), elements);
        } else if (elements[0] instanceof Long) {
            written = writeLongs(begin(out, Tag.LONGS, elements.length, Long.BYTES).asLongBuffer(), elements);
        } else if (elements[0] instanceof Double) {
            written = writeDoubles(begin(out, Tag.DOUBLES, elements.length, Double.BYTES).asDoubleBuffer(), elements);
        }
        if (!written) {
            out.truncate(start);
        }
        return written;
    }

    private static ByteBuffer begin(WireOutput out, int tag, int length, int each) {
        out.writeByte(Tag.BOXED);
        out.writeByte(tag);
        out.writeVar(length);
        return out.room((long) each * length);
    }

    private static int blockEnd(int from, int length) {
        return Math.min(from + BLOCK, length);
    }

    private static boolean writeInts(IntBuffer target, Object[] elements) {
        int[] some = new int[Math.min(STAGE, elements.length)];
        for (int from = 0; from < elements.length; from += some.length) {
            int end = Math.min(from + some.length, elements.length);
            for (int i = from; i < end; i += BLOCK) {
                if (!unbox(elements, i, blockEnd(i, end), some, i - from)) {
                    return false;
                }
            }
            target.put(some, 0, end - from);
        }
        return true;
    }

    private static boolean unbox(Object[] elements, int from, int to, int[] some, int at) {
        for (int i = from; i < to; i++) {
            if (!(elements[i] instanceof Integer)) {
                return false;
            }
            some[at + i - from] = (Integer) elements[i];
        }
        return true;
    }

    private static boolean writeLongs(LongBuffer target, Object[] elements) {
        long[] some = new long[Math.min(STAGE, elements.length)];
        for (int from = 0; from < elements.length; from += some.length) {
            int end = Math.min(from + some.length, elements.length);
            for (int i = from; i < end; i += BLOCK) {
                if (!unbox(elements, i, blockEnd(i, end), some, i - from)) {
                    return false;
                }
            }
            target.put(some, 0, end - from);
        }
        return true;
    }

    private static boolean unbox(Object[] elements, int from, int to, long[] some, int at) {
        for (int i = from; i < to; i++) {
            if (!(elements[i] instanceof Long)) {
                return false;
            }
            some[at + i - from] = (Long) elements[i];
        }
        return true;
    }

    private static boolean writeDoubles(DoubleBuffer target, Object[] elements) {
        double[] some = new double[Math.min(STAGE, elements.length)];
        for (int from = 0; from < elements.length; from += some.length) {
            int end = Math.min(from + some.length, elements.length);
            for (int i = from; i < end; i += BLOCK) {
                if (!unbox(elements, i, blockEnd(i, end), some, i - from)) {
                    return false;
                }
            }
            target.put(some, 0, end - from);
        }
        return true;
    }

    private static boolean unbox(Object[] elements, int from, int to, double[] some, int at) {
        for (int i = from; i < to; i++) {
            if (!(elements[i] instanceof Double)) {
                return false;
            }
            some[at + i - from] = (Double) elements[i];
        }
        return true;
    }

    /** Reads what {@link #write} wrote behind {@link Tag#BOXED}: an array of ints, longs or doubles. */
    static Object readNumbers(WireInput in) {
        int tag = in.readByte();
        if (tag != Tag.INTS && tag != Tag.LONGS && tag != Tag.DOUBLES) {
            throw in.corrupt("there are no boxed values of kind " + tag);
        }
        return PrimitiveArrays.read(in, tag);
    }

    /** Boxes an array of ints, longs or doubles. */
    static Object[] boxed(Object numbers) {
        Object[] elements = new Object[Array.getLength(numbers)];
        for (int i = 0; i < elements.length; i += BLOCK) {
            int end = blockEnd(i, elements.length);
            if (numbers instanceof int[]) {
                box((int[]) numbers, elements, i, end);
            } else if (numbers instanceof long[]) {
                box((long[]) numbers, elements, i, end);
            } else {
                box((double[]) numbers, elements, i, end);
            }
        }
        return elements;
    }

    private static void box(int[] values, Object[] elements, int from, int to) {
        for (int i = from; i < to; i++) {
            elements[i] = values[i];
        }
    }

    private static void box(long[] values, Object[] elements, int from, int to) {
        for (int i = from; i < to; i++) {
            elements[i] = values[i];
        }
    }

    private static void box(double[] values, Object[] elements, int from, int to) {
        for (int i = from; i < to; i++) {
            elements[i] = values[i];
        }
    }
}
