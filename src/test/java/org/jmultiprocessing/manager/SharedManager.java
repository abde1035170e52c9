package org.jmultiprocessing.manager;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** One server for all tests of a class. */
abstract class SharedManager {
    static Manager manager;

    @BeforeAll
    static void startServer() throws InterruptedException {
        manager = Manager.start();
    }

    @AfterAll
    static void stopServer() {
        manager.close();
        manager = null;
    }
}
