package org.jmultiprocessing.task;

import java.io.Serializable;

/**
 * Work with no argument and no result that can run in another process. A lambda or method reference becomes one; what a lambda captures must be
 * able to travel too.
 */
@FunctionalInterface
public interface Task extends Serializable {
    /**
     * Does the work.
     *
     * @throws Exception what went wrong; in a {@code Process} it ends the child with exit code 1
     */
    void run() throws Exception;
}
