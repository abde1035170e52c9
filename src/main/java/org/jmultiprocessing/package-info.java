/**
 * Python's {@code multiprocessing} for Java: {@link org.jmultiprocessing.Multiprocessing} is the facade, the features are in the packages below.
 */
package org.jmultiprocessing;
