package org.jmultiprocessing.manager;

/**
 * What the messages between a client and a server begin with, after the {@link Handshake}.
 *
 * <pre>
 *   a client's first message   CONTROL                          answer: session, server, process id, whether it takes functions
 *                              CALLS, session, line             no answer
 *   on a control connection    CANCEL, line, number of the call
 *                              DROP, object, how many references
 *   on a connection for calls  object, method, thread, how many arguments, each: VALUE value | OBJECT number
 *                              answer: VALUE value | OBJECT number description | FAILURE failure | CANCELLED
 * </pre>
 */
final class Protocol {
    static final int CONTROL = 1;
    static final int CALLS = 2;

    static final int CANCEL = 1;
    static final int DROP = 2;

    static final int VALUE = 0;
    static final int OBJECT = 1;
    static final int FAILURE = 2;
    static final int CANCELLED = 3;
    /** Added to each of these: do not wait awake for the next answer, see {@link Crowd}. */
    static final int CROWDED = 0x40;

    private Protocol() { }
}
