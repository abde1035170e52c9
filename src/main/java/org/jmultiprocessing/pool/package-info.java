/**
 * Pools of workers ({@code multiprocessing.pool}): {@link org.jmultiprocessing.pool.Pool} has processes, {@link org.jmultiprocessing.pool.ThreadPool}
 * has threads.
 */
package org.jmultiprocessing.pool;
