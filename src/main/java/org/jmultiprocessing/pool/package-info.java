/**
 * Pools of workers ({@code multiprocessing.pool}): {@link org.jmultiprocessing.pool.Pool} has processes.
 */
package org.jmultiprocessing.pool;
