package org.jmultiprocessing.internal.registry;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;

/** Writes maps, collections, text, numbers and booleans as JSON, in the form of Python's {@code json.dump(..., indent=1, ensure_ascii=False)}. */
public final class Json {
    private Json() {
    }

    /**
     * @param value null, a Boolean, a Number, a Map, a Collection; anything else is written as its text
     * @return JSON without a final line break
     */
    public static String text(Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value, 0);
        return out.toString();
    }

    private static void write(StringBuilder out, Object value, int depth) {
        if (value instanceof Map<?, ?> map) {
            Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
            out.append('{');
            while (entries.hasNext()) {
                Map.Entry<?, ?> entry = entries.next();
                newLine(out, depth + 1);
                quote(out, String.valueOf(entry.getKey()));
                out.append(": ");
                write(out, entry.getValue(), depth + 1);
                out.append(entries.hasNext() ? "," : "");
            }
            end(out, map.isEmpty(), depth, '}');
        } else if (value instanceof Collection<?> collection) {
            Iterator<?> elements = collection.iterator();
            out.append('[');
            while (elements.hasNext()) {
                newLine(out, depth + 1);
                write(out, elements.next(), depth + 1);
                out.append(elements.hasNext() ? "," : "");
            }
            end(out, collection.isEmpty(), depth, ']');
        } else if (value instanceof Double number) {
            out.append(Double.isFinite(number) ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString() : "null");
        } else if (value == null || value instanceof Boolean || value instanceof Number) {
            out.append(value);
        } else {
            quote(out, value.toString());
        }
    }

    private static void end(StringBuilder out, boolean empty, int depth, char bracket) {
        if (!empty) {
            newLine(out, depth);
        }
        out.append(bracket);
    }

    private static void newLine(StringBuilder out, int depth) {
        out.append('\n').append(" ".repeat(depth));
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
