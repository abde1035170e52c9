package org.jmultiprocessing.pool;

/** Shows how far a map is. */
interface Progress {
    /** Shows nothing. */
    Progress NONE = new Progress() {
        @Override
        public void step(long elements) { }

        @Override
        public void close() { }
    };

    /** Makes one for each map. */
    interface Display {
        /** Begins to show; the total is negative if it is not known. */
        Progress begin(long total);
    }

    /** So many more are done. By any thread. */
    void step(long elements);

    /** Ends it. Does nothing the second time. */
    void close();
}
