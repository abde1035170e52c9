package org.jmultiprocessing.pool;

/** How many workers the pool should have, and has. Under the lock of the {@link Crew}. */
final class Staff {
    private int wanted;
    private int seats;
    /** Seats whose worker has ended for want of work, and those of them that are about to have another. */
    private int resting;
    private int returning;

    Staff(int wanted) {
        this.wanted = wanted;
        this.seats = wanted;
    }

    int wanted() {
        return wanted;
    }

    boolean hasResting() {
        return resting > 0;
    }

    /** Returns how many seats have to be added. Those that are too many are let go by {@link #letsGo}. */
    int resize(int number) {
        wanted = number;
        int missing = Math.max(0, wanted - seats);
        seats += missing;
        return missing;
    }

    /** Seats that were to be added are not. */
    void didNotGrow(int missing, int before) {
        seats -= missing;
        wanted = before;
    }

    /** How many workers have to end, beside the seats that have none. */
    int surplus() {
        return seats - resting - wanted;
    }

    /** Whether the seat that asks is one too many; then it is no longer counted. */
    boolean letsGo() {
        if (seats > wanted) {
            seats--;
            return true;
        }
        return false;
    }

    void rest() {
        resting++;
    }

    void rise() {
        resting--;
    }

    void willReturn() {
        returning++;
    }

    void joined() {
        returning = Math.max(0, returning - 1);
    }

    int returning() {
        return returning;
    }
}
