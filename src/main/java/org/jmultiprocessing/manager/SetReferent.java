package org.jmultiprocessing.manager;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** A set in its server. It keeps the order in which elements came. */
final class SetReferent extends CollectionReferent {
    private final Set<Object> set;

    SetReferent(Object initial) {
        super(Kind.SET);
        set = initial == null ? new LinkedHashSet<>() : new LinkedHashSet<>((Collection<?>) initial);
    }

    @Override
    Collection<Object> content() {
        return set;
    }
}
