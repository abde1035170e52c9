package org.jmultiprocessing.task;

import java.io.Serializable;

/**
 * Work with three arguments and no result that can run in another process. A lambda or method reference becomes one; what a lambda captures must be
 * able to travel too.
 *
 * @param <A> the first argument
 * @param <B> the second argument
 * @param <C> the third argument
 */
@FunctionalInterface
public interface Task3<A, B, C> extends Serializable {
    /**
     * Does the work.
     *
     * @param a the first argument
     * @param b the second argument
     * @param c the third argument
     * @throws Exception what went wrong; in a {@code Process} it ends the child with exit code 1
     */
    void run(A a, B b, C c) throws Exception;
}
