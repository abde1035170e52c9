/**
 * How values become bytes and bytes values: {@link org.jmultiprocessing.internal.wire.ObjectCodec} for any value,
 * {@link org.jmultiprocessing.internal.wire.WireOutput} and {@link org.jmultiprocessing.internal.wire.WireInput} for the fields of our own messages,
 * {@link org.jmultiprocessing.internal.wire.RemoteFailure} for exceptions. May import {@code errors}, {@code task}, {@code spi} and
 * {@code internal.os}.
 *
 * <p>Reading is the first thing that a fresh JVM does. For compact values it therefore uses nothing that is slow at first use: no object streams,
 * lambdas, method handles, string concatenation or formatting outside of errors.
 */
package org.jmultiprocessing.internal.wire;
