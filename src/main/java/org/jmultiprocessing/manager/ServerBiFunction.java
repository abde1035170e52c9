package org.jmultiprocessing.manager;

import java.io.Serializable;
import java.util.function.BiFunction;

/**
 * A function with two arguments. It is sent to the manager's server and runs there. A lambda or method reference becomes one where a proxy's
 * method takes it; what it captures must be able to travel too.
 *
 * @param <A> the first argument
 * @param <B> the second argument
 * @param <R> the result
 */
@FunctionalInterface
public interface ServerBiFunction<A, B, R> extends BiFunction<A, B, R>, Serializable { }
