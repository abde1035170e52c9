package org.jmultiprocessing.internal.registry;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jmultiprocessing.errors.OsException;

/** What {@code doctor} says about sharing between processes. Joins this process's own tree to find out. */
final class TreeSection implements DoctorSection {
    @Override
    public String title() {
        return "process tree";
    }

    @Override
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        Tree tree = Tree.current();
        facts.put("directory", tree.directory());
        try {
            Members members = tree.members();
            String trouble = tree.trouble();
            facts.put("tracker", trouble.isEmpty() ? "running" : "none: " + trouble);
            facts.put("members", members.count());
            if (!members.watched()) {
                facts.put("without a tracker", "who waits for another process looks every 50 ms whether it lives, and what SIGKILL leaves behind"
                        + " stays until a tree with a tracker starts");
            }
        } catch (OsException e) {
            facts.put("cannot be used", e.getMessage());
        }
        return facts;
    }
}
