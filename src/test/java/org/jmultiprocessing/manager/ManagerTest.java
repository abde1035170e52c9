package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.Test;

/** A manager's life, and the program of the documentation. */
class ManagerTest {
    static void addData(Map<String, Integer> dict, String key, int value) {
        dict.put(key, value);
    }

    @Test
    void theDocumentationsProgram() throws Exception {
        try (Manager manager = Manager.start()) {
            Map<String, Integer> dict = manager.dict();
            try (Process a = new Process(ManagerTest::addData, dict, "a", 22); Process b = new Process(ManagerTest::addData, dict, "b", 23)) {
                a.start();
                a.join();
                b.start();
                b.join();
            }
            assertEquals("{a=22, b=23}", dict.toString());
            assertEquals(Map.of("a", 22, "b", 23), dict);
            assertTrue(manager.numberOfObjects() >= 1);
        }
    }
}
