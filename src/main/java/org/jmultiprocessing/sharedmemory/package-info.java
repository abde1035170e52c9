/**
 * Memory that several processes see at once: raw segments by name and lists in them, each byte as CPython's
 * {@code multiprocessing.shared_memory} has it, so that a Python process can be one of them. May import {@code sync}, {@code internal.wire},
 * {@code internal.arena}, {@code internal.registry} and {@code internal.os}.
 */
package org.jmultiprocessing.sharedmemory;
