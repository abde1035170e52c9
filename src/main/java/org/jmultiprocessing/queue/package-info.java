/**
 * Queues between processes: {@link org.jmultiprocessing.queue.Queue}, {@link org.jmultiprocessing.queue.JoinableQueue} and
 * {@link org.jmultiprocessing.queue.SimpleQueue}. May import {@code internal.wire}, {@code internal.arena}, {@code internal.registry} and
 * {@code internal.os}.
 */
package org.jmultiprocessing.queue;
