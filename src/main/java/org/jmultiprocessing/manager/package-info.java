/**
 * Objects in a server process that other processes use as their own: Python's {@code multiprocessing.managers}.
 *
 * <p>{@link org.jmultiprocessing.manager.Manager} is the way in. Uses all other features.
 */
package org.jmultiprocessing.manager;
