package org.jmultiprocessing.manager;

/** Who calls a method of an object. */
interface Caller {
    Session session();

    /** Which of the session's threads. */
    long thread();

    Server server();
}
