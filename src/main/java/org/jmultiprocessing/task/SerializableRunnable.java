package org.jmultiprocessing.task;

import java.io.Serializable;

/** A {@link Runnable} that can run in another process. A lambda or method reference becomes one; what it captures must be able to travel too. */
@FunctionalInterface
public interface SerializableRunnable extends Runnable, Serializable { }
