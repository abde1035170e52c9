package org.jmultiprocessing.task;

import java.io.Serializable;

/**
 * Work with two arguments and no result that can run in another process. A lambda or method reference becomes one; what a lambda captures must be
 * able to travel too.
 *
 * @param <A> the first argument
 * @param <B> the second argument
 */
@FunctionalInterface
public interface Task2<A, B> extends Serializable {
    /**
     * Does the work.
     *
     * @param a the first argument
     * @param b the second argument
     * @throws Exception what went wrong; in a {@code Process} it ends the child with exit code 1
     */
    void run(A a, B b) throws Exception;
}
