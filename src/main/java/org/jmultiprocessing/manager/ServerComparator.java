package org.jmultiprocessing.manager;

import java.io.Serializable;
import java.util.Comparator;

/**
 * An order. It is sent to the manager's server and runs there. A lambda or method reference becomes one where a proxy's
 * method takes it; what it captures must be able to travel too.
 *
 * @param <A> what is compared
 */
@FunctionalInterface
public interface ServerComparator<A> extends Comparator<A>, Serializable { }
