/** The commands of the executable jar. Uses the public packages and {@code internal.registry}. */
package org.jmultiprocessing.cli;
