package org.jmultiprocessing.manager;

import java.io.Serializable;
import java.util.function.Function;

/**
 * A function with one argument. It is sent to the manager's server and runs there. A lambda or method reference becomes one where a proxy's
 * method takes it; what it captures must be able to travel too.
 *
 * @param <A> the argument
 * @param <R> the result
 */
@FunctionalInterface
public interface ServerFunction<A, R> extends Function<A, R>, Serializable { }
