/** What is known of this process below the public interface: the facts that {@code doctor} reports. Uses {@code internal.os} only. */
package org.jmultiprocessing.internal.registry;
