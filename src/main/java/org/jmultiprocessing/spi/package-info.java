/**
 * What a feature implements to take part: objects that can travel ({@code Transferable}), encodings ({@code Codec}), things to wait for
 * ({@code Waitable}).
 */
package org.jmultiprocessing.spi;
