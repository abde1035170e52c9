/**
 * How a child is started, what it does first, and how a process ends. Knows no feature: it runs a {@code ChildTask}. May import
 * {@code internal.wire}, {@code internal.registry} and {@code internal.os}.
 */
package org.jmultiprocessing.internal.launch;
