package application;

import java.util.Map;

/** A program that computes what it puts into a map, which locks a part of the map meanwhile. */
public final class MapUser {
    private MapUser() { }

    /**
     * @param map gets the value
     * @param value computes it
     */
    public static void compute(Map<String, String> map, Runnable value) {
        map.computeIfAbsent("key", key -> {
            value.run();
            return "value";
        });
    }
}
