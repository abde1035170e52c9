package org.jmultiprocessing.internal.registry;

import java.util.Map;

/**
 * What a feature has to say about itself in {@code doctor}'s report. It registers one with {@link Diagnostics#register} when its classes are first
 * used; {@code doctor} starts a process first, so the launcher's is there.
 */
public interface DoctorSection {
    /** @return the section's name in lower case, such as {@code "class archive"} */
    String title();

    /**
     * Looks now. Called by one thread; does not block for long.
     *
     * @return facts in the order of the report: text, numbers, booleans, lists or maps of such
     */
    Map<String, Object> facts();

    /**
     * Blocks until what this feature makes in the background is there, or could not be made, so that a measurement does not run beside it.
     * Does nothing by default.
     *
     * @throws InterruptedException if this thread is interrupted
     */
    default void settle() throws InterruptedException { }
}
