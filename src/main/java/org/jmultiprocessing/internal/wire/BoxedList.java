package org.jmultiprocessing.internal.wire;

import java.io.Serializable;
import java.lang.reflect.Array;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.RandomAccess;

/**
 * A list of numbers that boxes each when it is asked for: the results of a map often are as many as its memory is slow to come by. It is made of
 * arrays of ints, longs and doubles, all of one length but the last. Who changes it gets an {@link ArrayList} behind it. As safe for threads as that.
 */
public final class BoxedList extends AbstractList<Object> implements RandomAccess, Serializable {
    private static final long serialVersionUID = 1;

    private final transient Object[] parts;
    private final transient int each;
    private final transient int count;
    /** Null as long as nobody has changed it. */
    private transient List<Object> changed;

    /**
     * @param parts arrays of ints, longs or doubles, of which there is one at least; they belong to the list from now on
     */
    public BoxedList(Object[] parts) {
        this.parts = parts;
        this.each = Array.getLength(parts[0]);
        this.count = (parts.length - 1) * each + Array.getLength(parts[parts.length - 1]);
    }

    /**
     * @param in stands before a value
     * @return whether it is an array of boxed ints, longs or doubles, which {@link #readNumbers} reads
     */
    public static boolean isAhead(WireInput in) {
        return in.tagAhead() == Tag.BOXED;
    }

    /**
     * @param in stands before a value that {@link #isAhead}, and behind it afterwards
     * @return an array of ints, longs or doubles
     */
    public static Object readNumbers(WireInput in) {
        in.skip(Tag.BEFORE_CONTENT);
        return BoxedArrays.readNumbers(in);
    }

    /**
     * @param array of ints, longs or doubles
     * @param index of one of them
     * @return it
     */
    public static Object number(Object array, int index) {
        if (array instanceof int[] ints) {
            return ints[index];
        }
        if (array instanceof long[] longs) {
            return longs[index];
        }
        return ((double[]) array)[index];
    }

    private List<Object> change() {
        modCount++;
        if (changed == null) {
            changed = new ArrayList<>(this);
        }
        return changed;
    }

    @Override
    public Object get(int index) {
        if (changed != null) {
            return changed.get(index);
        }
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("Index " + index + " out of bounds for length " + count);
        }
        return number(parts[index / each], index % each);
    }

    @Override
    public int size() {
        return changed != null ? changed.size() : count;
    }

    @Override
    public Object set(int index, Object element) {
        if (changed == null) {
            changed = new ArrayList<>(this);
        }
        return changed.set(index, element);
    }

    @Override
    public void add(int index, Object element) {
        change().add(index, element);
    }

    @Override
    public boolean addAll(int index, Collection<?> elements) {
        return change().addAll(index, elements);
    }

    @Override
    public Object remove(int index) {
        return change().remove(index);
    }

    @Override
    protected void removeRange(int from, int to) {
        change().subList(from, to).clear();
    }

    private Object writeReplace() {
        return new ArrayList<>(this);
    }
}
