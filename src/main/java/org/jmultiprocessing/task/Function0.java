package org.jmultiprocessing.task;

import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * Work with no argument and a result that can run in another process. A lambda or method reference becomes one; what a lambda captures must be
 * able to travel too.
 *
 * @param <R> the result
 */
@FunctionalInterface
public interface Function0<R> extends Callable<R>, Serializable {
    @Override
    R call() throws Exception;
}
