package org.jmultiprocessing.cli.demo;

import java.util.Map;
import org.jmultiprocessing.manager.Manager;
import org.jmultiprocessing.process.Process;

/** Manager: a map that lives in a process of its own, and that others fill. */
final class ManagerDemo {
    private ManagerDemo() {
    }

    static void addData(Map<String, Integer> dict, String key, int value) {
        dict.put(key, value);
    }

    static void main() throws InterruptedException {
        try (Manager manager = Manager.start()) {
            Map<String, Integer> dict = manager.dict();
            Process a = new Process(ManagerDemo::addData, dict, "a", 22);
            Process b = new Process(ManagerDemo::addData, dict, "b", 23);
            a.start();
            b.start();
            a.join();
            b.join();
            System.out.println(dict);
            Outcome.require(a, b);
        }
    }
}
