package org.jmultiprocessing.manager;

/** An object of a server, as its clients see it: methods by number, and nothing else. */
abstract class Referent {
    /** Every object has this method. */
    static final int TO_STRING = 0;

    private final Description description;

    Referent(Description description) {
        this.description = description;
    }

    final Description description() {
        return description;
    }

    /**
     * Calls a method. What comes from a client is not to be believed: a number that is no method's and arguments that do not fit are exceptions.
     *
     * @throws InterruptedException if the call was cancelled; it has had no effect then
     * @throws Throwable what the method throws
     */
    final void invoke(int method, Object[] arguments, Caller caller, Reply reply) throws Throwable {
        if (method == TO_STRING) {
            reply.value(text());
        } else {
            call(method, arguments, caller, reply);
        }
    }

    abstract void call(int method, Object[] arguments, Caller caller, Reply reply) throws Throwable;

    /** What {@code toString} of a proxy says. */
    abstract String text();

    /** A client is gone: what it holds is free, what it waits for it will not get. */
    void sessionEnded(Session session) { }

    /** An item that {@link Reply#taken} was told about did not arrive. */
    void giveBack(Object item) {
        throw new IllegalStateException(description.kind() + " gives nothing away");
    }

    final IllegalArgumentException unknown(int method) {
        return new IllegalArgumentException("a " + description.kind() + " of a manager has no method " + method);
    }
}
