package org.jmultiprocessing.manager;

import java.io.Serializable;
import java.util.function.UnaryOperator;

/**
 * A function from a type to itself. It is sent to the manager's server and runs there. A lambda or method reference becomes one where a proxy's
 * method takes it; what it captures must be able to travel too.
 *
 * @param <A> the argument and the result
 */
@FunctionalInterface
public interface ServerOperator<A> extends UnaryOperator<A>, Serializable { }
