package org.jmultiprocessing.internal.wire;

/**
 * Arrays of objects that are all of one boxed type, as those of primitives: a pool's elements and results often are. The loops are cut into blocks of
 * a method each, as the JVM compiles a method that is called some hundred times sooner than a loop that runs some ten thousand times.
 */
final class BoxedArrays {
    /** Fewer are not worth a look at all. */
    private static final int FEWEST = 8;
    private static final int BLOCK = 32;

    private BoxedArrays() { }

    /** The array's values as one of primitives; null if they are not all integers, longs or doubles. */
    static Object unboxed(Object[] elements) {
        if (elements.length < FEWEST) {
            return null;
        }
        if (elements[0] instanceof Integer) {
            return ints(elements);
        }
        if (elements[0] instanceof Long) {
            return longs(elements);
        }
        return elements[0] instanceof Double ? doubles(elements) : null;
    }

    private static int blockEnd(int from, int length) {
        return Math.min(from + BLOCK, length);
    }

    private static int[] ints(Object[] elements) {
        int[] values = new int[elements.length];
        for (int i = 0; i < values.length; i += BLOCK) {
            if (!unbox(elements, values, i, blockEnd(i, values.length))) {
                return null;
            }
        }
        return values;
    }

    private static boolean unbox(Object[] elements, int[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!(elements[i] instanceof Integer)) {
                return false;
            }
            values[i] = (Integer) elements[i];
        }
        return true;
    }

    private static long[] longs(Object[] elements) {
        long[] values = new long[elements.length];
        for (int i = 0; i < values.length; i += BLOCK) {
            if (!unbox(elements, values, i, blockEnd(i, values.length))) {
                return null;
            }
        }
        return values;
    }

    private static boolean unbox(Object[] elements, long[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!(elements[i] instanceof Long)) {
                return false;
            }
            values[i] = (Long) elements[i];
        }
        return true;
    }

    private static double[] doubles(Object[] elements) {
        double[] values = new double[elements.length];
        for (int i = 0; i < values.length; i += BLOCK) {
            if (!unbox(elements, values, i, blockEnd(i, values.length))) {
                return null;
            }
        }
        return values;
    }

    private static boolean unbox(Object[] elements, double[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!(elements[i] instanceof Double)) {
                return false;
            }
            values[i] = (Double) elements[i];
        }
        return true;
    }

    /** Undoes {@link #unboxed}; null if the array is none that it makes. */
    static Object[] boxed(Object primitives) {
        if (primitives instanceof int[]) {
            int[] values = (int[]) primitives;
            Object[] elements = new Object[values.length];
            for (int i = 0; i < values.length; i += BLOCK) {
                box(values, elements, i, blockEnd(i, values.length));
            }
            return elements;
        }
        if (primitives instanceof long[]) {
            long[] values = (long[]) primitives;
            Object[] elements = new Object[values.length];
            for (int i = 0; i < values.length; i += BLOCK) {
                box(values, elements, i, blockEnd(i, values.length));
            }
            return elements;
        }
        if (primitives instanceof double[]) {
            double[] values = (double[]) primitives;
            Object[] elements = new Object[values.length];
            for (int i = 0; i < values.length; i += BLOCK) {
                box(values, elements, i, blockEnd(i, values.length));
            }
            return elements;
        }
        return null;
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
