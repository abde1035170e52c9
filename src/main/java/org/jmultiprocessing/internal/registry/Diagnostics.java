package org.jmultiprocessing.internal.registry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jmultiprocessing.internal.os.BindingStatus;

/** Collects what {@code doctor} reports from below the public interface. All methods may be called from any thread. */
public final class Diagnostics {
    private static final List<DoctorSection> SECTIONS = new CopyOnWriteArrayList<>();

    private Diagnostics() {
    }

    /** @param section asked from now on, after those that are there */
    public static void register(DoctorSection section) {
        SECTIONS.add(section);
    }

    /** @return the facts of every registered section, by title */
    public static Map<String, Map<String, Object>> sections() {
        Map<String, Map<String, Object>> facts = new LinkedHashMap<>();
        for (DoctorSection section : SECTIONS) {
            facts.put(section.title(), section.facts());
        }
        return facts;
    }

    /**
     * Blocks until nothing that features make in the background is under way. To be called after a child has run, and before measuring.
     *
     * @throws InterruptedException if this thread is interrupted
     */
    public static void settle() throws InterruptedException {
        for (DoctorSection section : SECTIONS) {
            section.settle();
        }
    }

    /**
     * @return how this process reaches the operating system
     * @throws LinkageError if it does not, with the reason
     */
    public static Map<String, Object> binding() {
        BindingStatus status = BindingStatus.current();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("in use", status.name());
        facts.put("why", status.why());
        if (!status.library().isEmpty()) {
            facts.put("library", status.library());
        }
        facts.put("cache folder", status.cache().isEmpty() ? "none can be written: nothing is kept between runs" : status.cache());
        facts.put("cannot do", status.missing());
        return facts;
    }
}
