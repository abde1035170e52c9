package org.jmultiprocessing.internal.wire;

import java.io.ObjectInputFilter;
import java.util.Objects;

/**
 * What a message may do to this process, by where it comes from.
 *
 * <p>{@link #OWN_TREE}: all. Functions are code that will be called; Java serialization is bounded in depth and size, so that damage is an
 * exception. {@link #FOREIGN}: compact values only, which make no object that is not one of {@code java.lang} or {@code java.util}.
 * {@link #foreign(ObjectInputFilter)}: also Java serialization and transferables, of the classes that the filter <em>allows</em>; what it leaves
 * undecided is refused, other than the JDK's boxes and the superclasses of boxes and enums. Functions stay refused, before their class is looked up.
 */
public final class Trust {
    /** For messages of this process's parent, children and their relatives. */
    public static final Trust OWN_TREE = new Trust(true, null);
    /** For messages of anybody else. */
    public static final Trust FOREIGN = new Trust(false, null);

    private final boolean own;
    private final ObjectInputFilter filter;

    private Trust(boolean own, ObjectInputFilter filter) {
        this.own = own;
        this.filter = filter;
    }

    /**
     * @param filter decides about classes
     * @return the trust in a peer that may send instances of these classes
     */
    public static Trust foreign(ObjectInputFilter filter) {
        return new Trust(false, Objects.requireNonNull(filter, "filter"));
    }

    /** Whether functions and classes of any name may come. */
    boolean isOwn() {
        return own;
    }

    /** Whether anything but compact values may come. */
    boolean allowsObjects() {
        return own || filter != null;
    }

    /** The user's filter, or null. */
    ObjectInputFilter filter() {
        return filter;
    }
}
