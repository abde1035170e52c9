/** Serializable functional interfaces with 0 to 4 arguments: {@code Task} for work without a result, {@code Function} for work with one. */
package org.jmultiprocessing.task;
