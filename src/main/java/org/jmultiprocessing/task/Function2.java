package org.jmultiprocessing.task;

import java.io.Serializable;

/**
 * Work with two arguments and a result that can run in another process. A lambda or method reference becomes one; what a lambda captures must be
 * able to travel too.
 *
 * @param <A> the first argument
 * @param <B> the second argument
 * @param <R> the result
 */
@FunctionalInterface
public interface Function2<A, B, R> extends Serializable {
    /**
     * Computes the result.
     *
     * @param a the first argument
     * @param b the second argument
     * @return the result
     * @throws Exception what went wrong
     */
    R apply(A a, B b) throws Exception;
}
