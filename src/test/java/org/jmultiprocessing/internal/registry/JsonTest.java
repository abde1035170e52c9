package org.jmultiprocessing.internal.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The form is that of {@code json.dumps(value, indent=1, ensure_ascii=False)}. */
class JsonTest {
    @Test
    void nestsLikePython() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("unit", "µs");
        value.put("list", List.of(1, true));
        value.put("none", null);
        value.put("empty", Map.of());
        value.put("nothing", List.of());
        assertEquals("""
                {
                 "unit": "µs",
                 "list": [
                  1,
                  true
                 ],
                 "none": null,
                 "empty": {},
                 "nothing": []
                }""", Json.text(value));
    }

    @Test
    void escapesWhatMustBe() {
        assertEquals("\"a\\\"b\\\\c\\nd\\u0001\"", Json.text("a\"b\\c\nd\u0001"));
    }

    @Test
    void writesNumbersWithoutExponent() {
        assertEquals("[\n 12345600000,\n 0.00001,\n null\n]", Json.text(List.of(1.23456e10, 1e-5, Double.NaN)));
    }
}
