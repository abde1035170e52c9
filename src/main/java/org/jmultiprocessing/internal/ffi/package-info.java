/**
 * The boundary: {@code Posix} lists the operations, {@code NativePosix} (JNI on our library) and {@code JnaPosix} (JNA on libc) do them, and
 * {@code Binding} chooses. The only package that imports {@code com.sun.jna}. Imports nothing of this library.
 */
package org.jmultiprocessing.internal.ffi;
