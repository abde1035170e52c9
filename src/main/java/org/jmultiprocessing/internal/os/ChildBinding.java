package org.jmultiprocessing.internal.os;

import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.internal.ffi.Binding;

/** What a child JVM is told about the binding, so that it need not look for itself. */
public final class ChildBinding {
    private ChildBinding() { }

    /**
     * @return the system properties as JVM options; chooses this process's binding if nobody has yet
     * @throws UnsatisfiedLinkError if no binding works here
     */
    public static List<String> options() {
        List<String> options = new ArrayList<>(2);
        String library = Binding.libraryPath();
        if (library != null) {
            options.add("-D" + Binding.LIBRARY_PROPERTY + "=" + library);
        }
        String choice = System.getProperty(Binding.CHOICE_PROPERTY);
        if (choice != null) {
            options.add("-D" + Binding.CHOICE_PROPERTY + "=" + choice);
        }
        return options;
    }

    /**
     * @param option a JVM option
     * @return whether it is one of those of {@link #options}, for whatever value
     */
    public static boolean isOption(String option) {
        return option.startsWith("-D" + Binding.LIBRARY_PROPERTY + "=") || option.startsWith("-D" + Binding.CHOICE_PROPERTY + "=");
    }

    /** @return whether this process reaches the system by JNA */
    public static boolean isJna() {
        return "jna".equals(Binding.posix().binding());
    }
}
