package org.jmultiprocessing.manager;

import java.io.IOException;
import java.util.List;

/** An interface of the user's. */
public interface Counter {
    /** Adds. */
    int add(int number);

    /** Adds, as another method of the same name. */
    long add(long number);

    /** A result that is copied. */
    List<Integer> history();

    /** A result that stays in the server, as its interface is registered. */
    Counter fork();

    /** An argument that is an object of the server. */
    default int addOf(Counter other) {
        return add(other.add(0));
    }

    /** A checked exception. */
    void fail(String message) throws IOException;

    /** Blocks until the thread is interrupted. */
    void block() throws InterruptedException;

    /** A result that cannot travel. */
    Object unsendable();

    /** The object itself. */
    Counter self();
}
