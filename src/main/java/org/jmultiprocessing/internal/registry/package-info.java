/**
 * What is known of this process and its tree below the public interface: the directory in memory that the tree's processes share, its members, the
 * tracker that watches them and cleans up after them, and the facts that {@code doctor} reports. Uses {@code internal.os} only.
 */
package org.jmultiprocessing.internal.registry;
