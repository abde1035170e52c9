package org.jmultiprocessing.task;

import java.io.Serializable;

/**
 * Work with one argument and a result that can run in another process. A lambda or method reference becomes one; what a lambda captures must be
 * able to travel too.
 *
 * @param <A> the first argument
 * @param <R> the result
 */
@FunctionalInterface
public interface Function1<A, R> extends Serializable {
    /**
     * Computes the result.
     *
     * @param a the first argument
     * @return the result
     * @throws Exception what went wrong
     */
    R apply(A a) throws Exception;
}
