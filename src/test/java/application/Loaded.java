package application;

/** A class to be loaded again and again, with an initializer. */
public final class Loaded {
    /** Set by the initializer. */
    public static final long WHEN = System.nanoTime();

    private Loaded() { }
}
