package org.jmultiprocessing.internal.wire;

/** Arrays of objects that are all of one boxed type, as those of primitives: a pool's elements and results often are. */
final class BoxedArrays {
    /** Fewer are not worth a look at all. */
    private static final int FEWEST = 8;

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

    private static int[] ints(Object[] elements) {
        int[] values = new int[elements.length];
        for (int i = 0; i < values.length; i++) {
            if (!(elements[i] instanceof Integer)) {
                return null;
            }
            values[i] = (Integer) elements[i];
        }
        return values;
    }

    private static long[] longs(Object[] elements) {
        long[] values = new long[elements.length];
        for (int i = 0; i < values.length; i++) {
            if (!(elements[i] instanceof Long)) {
                return null;
            }
            values[i] = (Long) elements[i];
        }
        return values;
    }

    private static double[] doubles(Object[] elements) {
        double[] values = new double[elements.length];
        for (int i = 0; i < values.length; i++) {
            if (!(elements[i] instanceof Double)) {
                return null;
            }
            values[i] = (Double) elements[i];
        }
        return values;
    }

    /** Undoes {@link #unboxed}; null if the array is none that it makes. */
    static Object[] boxed(Object primitives) {
        if (primitives instanceof int[]) {
            int[] values = (int[]) primitives;
            Object[] elements = new Object[values.length];
            for (int i = 0; i < values.length; i++) {
                elements[i] = values[i];
            }
            return elements;
        }
        if (primitives instanceof long[]) {
            long[] values = (long[]) primitives;
            Object[] elements = new Object[values.length];
            for (int i = 0; i < values.length; i++) {
                elements[i] = values[i];
            }
            return elements;
        }
        if (primitives instanceof double[]) {
            double[] values = (double[]) primitives;
            Object[] elements = new Object[values.length];
            for (int i = 0; i < values.length; i++) {
                elements[i] = values[i];
            }
            return elements;
        }
        return null;
    }
}
