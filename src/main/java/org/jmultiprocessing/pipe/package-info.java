/**
 * Pipes, listeners and clients, and waiting for several of them at once: Python's {@code multiprocessing.connection}. The frames on the wire are
 * CPython's, so that {@code sendBytes} and {@code recvBytes} also talk to Python's {@code send_bytes} and {@code recv_bytes}. May import
 * {@code internal.wire}, {@code internal.registry} and {@code internal.os}.
 */
package org.jmultiprocessing.pipe;
