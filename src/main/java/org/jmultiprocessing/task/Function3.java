package org.jmultiprocessing.task;

import java.io.Serializable;

/**
 * Work with three arguments and a result that can run in another process. A lambda or method reference becomes one; what a lambda captures must be
 * able to travel too.
 *
 * @param <A> the first argument
 * @param <B> the second argument
 * @param <C> the third argument
 * @param <R> the result
 */
@FunctionalInterface
public interface Function3<A, B, C, R> extends Serializable {
    /**
     * Computes the result.
     *
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @return the result
     * @throws Exception what went wrong
     */
    R apply(A a, B b, C c) throws Exception;
}
