package org.jmultiprocessing.manager;

/** Who calls a method of an object. */
interface Caller {
    Session session();

    /** Which of the session's threads. */
    long thread();

    Server server();

    /**
     * Has calls and answers go through a file's memory, from the call after this one on.
     *
     * @return false if that cannot be
     */
    boolean share(String file);
}
