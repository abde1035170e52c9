/**
 * Crash-safe blocks in shared memory: lines, which are locked and waited for, and the segments and rings made of them. Lives in the directory of a
 * process tree ({@code internal.registry}) and may use it and {@code internal.os}.
 */
package org.jmultiprocessing.internal.arena;
