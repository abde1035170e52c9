/**
 * Processes with the interface of threads ({@code multiprocessing.Process}): starting, waiting for, ending and asking about child JVMs. May import
 * {@code internal.launch}, {@code internal.wire}, {@code internal.registry} and {@code internal.os}.
 */
package org.jmultiprocessing.process;
