package org.jmultiprocessing.internal.launch;

import org.jmultiprocessing.internal.wire.ReceivedDescriptors;
import org.jmultiprocessing.internal.wire.WireInput;

/**
 * What a child was started with.
 *
 * @param task class of the {@link ChildTask}
 * @param exitsPlainly whether this JVM has no agent, log or the like that its end concerns
 * @param input the task's part of the start data
 * @param descriptors what travelled along, for the task to close what it does not take
 * @param loader finds the target's classes
 */
public record ChildStart(String task, boolean exitsPlainly, WireInput input, ReceivedDescriptors descriptors, ClassLoader loader) { }
