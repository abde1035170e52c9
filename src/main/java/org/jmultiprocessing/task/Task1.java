package org.jmultiprocessing.task;

import java.io.Serializable;

/**
 * Work with one argument and no result that can run in another process. A lambda or method reference becomes one; what a lambda captures must be
 * able to travel too.
 *
 * @param <A> the first argument
 */
@FunctionalInterface
public interface Task1<A> extends Serializable {
    /**
     * Does the work.
     *
     * @param a the first argument
     * @throws Exception what went wrong; in a {@code Process} it ends the child with exit code 1
     */
    void run(A a) throws Exception;
}
