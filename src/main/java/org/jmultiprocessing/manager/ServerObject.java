package org.jmultiprocessing.manager;

/**
 * An object of a server under its number. References are guarded by the server's table.
 */
final class ServerObject {
    private final long number;
    private final Referent referent;
    private int references;

    ServerObject(long number, Referent referent) {
        this.number = number;
        this.referent = referent;
    }

    long number() {
        return number;
    }

    Referent referent() {
        return referent;
    }

    /** Returns how many there are now. */
    int addReferences(int count) {
        references += count;
        return references;
    }
}
