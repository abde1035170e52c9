package org.jmultiprocessing.internal.ffi;

/**
 * Chooses between {@link NativePosix} and {@code JnaPosix}, once, at first use: the former where a binary of ours fits and loads, the latter
 * elsewhere or on request.
 *
 * <p>The path through this class when {@value #LIBRARY_PROPERTY} is set is the start path of every child. It loads a few classes and one
 * library, and is to stay without streams, lambdas, string concatenation and whatever else makes a cold JVM work.
 */
public final class Binding {
    /** System property: {@code jni} or {@code jna}; unset for jni where it works, else jna. */
    public static final String CHOICE_PROPERTY = "jmultiprocessing.binding";
    /** System property: the path of our library, loaded as it is. A parent hands its own to its children. */
    public static final String LIBRARY_PROPERTY = "jmultiprocessing.library";

    private static volatile Throwable nativeFailure;

    private Binding() {
    }

    /**
     * The operating system. Constant from the first call on.
     *
     * @return the operations
     * @throws UnsatisfiedLinkError if neither binding works here, or the one asked for does not
     */
    public static Posix posix() {
        return Chosen.POSIX;
    }

    /**
     * @return the path of our library, for a child's {@value #LIBRARY_PROPERTY}; null under jna
     * @throws UnsatisfiedLinkError as {@link #posix}
     */
    public static String libraryPath() {
        return posix() instanceof NativePosix library ? library.path() : null;
    }

    /**
     * Tells why our library, or the one that {@value #LIBRARY_PROPERTY} names, did not load. Does not choose a binding by itself: null as well
     * before the first call of {@link #posix}.
     *
     * @return the reason, with those of each place that was tried as suppressed ones; null if nothing failed or it was not wanted
     */
    public static Throwable nativeFailure() {
        return nativeFailure;
    }

    private static Posix choose() {
        String choice = System.getProperty(CHOICE_PROPERTY);
        if ("jna".equals(choice)) {
            return Jna.open();
        }
        if (choice != null && !choice.isEmpty() && !"jni".equals(choice)) {
            throw new UnsatisfiedLinkError("-D" + CHOICE_PROPERTY + "=" + choice + ": use jni or jna, or leave it out");
        }
        String path = System.getProperty(LIBRARY_PROPERTY);
        if (path != null) {
            try {
                return NativePosix.load(path);
            } catch (UnsatisfiedLinkError failure) {
                // The cache may have been cleaned since the parent looked: go on as if it had said nothing.
                nativeFailure = failure;
            }
        }
        try {
            return NativeLibraryFile.load();
        } catch (UnsatisfiedLinkError failure) {
            return withoutLibrary(failure, "jni".equals(choice));
        }
    }

    private static Posix withoutLibrary(UnsatisfiedLinkError failure, boolean insisted) {
        if (nativeFailure != null) {
            failure.addSuppressed(nativeFailure);
        }
        nativeFailure = failure;
        if (insisted) {
            throw failure;
        }
        try {
            return Jna.open();
        } catch (UnsatisfiedLinkError jna) {
            jna.addSuppressed(failure);
            throw jna;
        }
    }

    /** Initialized by the first {@link #posix}; its field is what the JIT folds. */
    private static final class Chosen {
        static final Posix POSIX = choose();
    }

    /** Keeps JNA's classes away from a process that does without. */
    private static final class Jna {
        static Posix open() {
            try {
                return new JnaPosix();
            } catch (NoClassDefFoundError missing) {
                UnsatisfiedLinkError error = new UnsatisfiedLinkError("the JNA binding does not start: put jna.jar and jna-platform.jar (5.19 or"
                        + " later) on the class path, or use a platform for which jmultiprocessing brings its own library");
                error.initCause(missing);
                throw error;
            }
        }
    }
}
