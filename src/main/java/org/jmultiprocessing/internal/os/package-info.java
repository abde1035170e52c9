/**
 * One owner class per OS resource: {@code Fd}, {@code ChildPid}, {@code AnonymousFile}; and the waits that all features share, interruptible, with
 * time limits, and parking a virtual thread instead of pinning its carrier. Uses {@code internal.ffi} only.
 */
package org.jmultiprocessing.internal.os;
