package org.jmultiprocessing.manager;

import org.jmultiprocessing.errors.SerializationException;

/** What an object of a server is. The numbers are on the wire. */
enum Kind {
    DICT, LIST, SET, QUEUE, JOINABLE_QUEUE, EVENT, LOCK, RLOCK, SEMAPHORE, BOUNDED_SEMAPHORE, CONDITION, BARRIER, NAMESPACE, VALUE, ARRAY,
    /** One that the user registered by an interface. */
    OWN,
    POOL, RESULT, RESULTS;

    private static final Kind[] ALL = values();

    static Kind of(int number) {
        if (number < 0 || number >= ALL.length) {
            throw new SerializationException("a manager has no objects of kind " + number);
        }
        return ALL[number];
    }
}
