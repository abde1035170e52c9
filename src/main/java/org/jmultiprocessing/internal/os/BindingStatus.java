package org.jmultiprocessing.internal.os;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.ffi.CacheFolder;
import org.jmultiprocessing.internal.ffi.Posix;

/**
 * Which binding this process uses, why, and what it can do: for people, not for decisions.
 *
 * @param name {@code jni} or {@code jna}
 * @param why the reason in one sentence
 * @param library the path of our library, empty under jna
 * @param cache the folder in which it and the class-data archives are kept, empty if none serves
 * @param missing what this binding cannot do on this platform
 */
public record BindingStatus(String name, String why, String library, String cache, List<String> missing) {
    /**
     * @return the status of this process; chooses the binding if nobody has yet
     * @throws LinkageError if no binding works here; its message says why
     */
    public static BindingStatus current() {
        Posix posix = Binding.posix();
        String path = Binding.libraryPath();
        return new BindingStatus(posix.binding(), why(posix), path == null ? "" : path,
                CacheFolder.find().map(Path::toString).orElse(""), missing(posix.capabilities()));
    }

    private static String why(Posix posix) {
        Throwable failure = Binding.nativeFailure();
        if (failure != null) {
            StringBuilder text = new StringBuilder("the library was not loaded: ").append(failure.getMessage());
            for (Throwable reason : failure.getSuppressed()) {
                text.append("; ").append(reason.getMessage());
            }
            return text.toString();
        }
        String choice = System.getProperty(Binding.CHOICE_PROPERTY, "");
        return choice.isEmpty() ? "the library for this platform was loaded" : "asked for by -D" + Binding.CHOICE_PROPERTY + "=" + choice;
    }

    private static List<String> missing(int capabilities) {
        List<String> missing = new ArrayList<>();
        addUnless(capabilities & Posix.CAN_PIDFD, "pidfd", missing);
        addUnless(capabilities & Posix.CAN_LIMITS, "limits, niceness and affinity of a child", missing);
        addUnless(capabilities & Posix.CAN_NOTE_SIGNALS, "-N as exit code after SIGTERM, SIGINT and SIGHUP", missing);
        addUnless(capabilities & Posix.CAN_CHANNEL_DESCRIPTOR, "waits for channels of the JDK", missing);
        addUnless(capabilities & Posix.CAN_FUTEX, "waits on shared memory in the kernel", missing);
        return missing;
    }

    private static void addUnless(int present, String name, List<String> missing) {
        if (present == 0) {
            missing.add(name);
        }
    }
}
