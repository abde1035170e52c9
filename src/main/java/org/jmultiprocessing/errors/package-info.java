/** The exception tree and {@link org.jmultiprocessing.errors.ExitStatus}. Usable by every package; imports nothing but {@code java.*}. */
package org.jmultiprocessing.errors;
