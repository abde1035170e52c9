package org.jmultiprocessing.internal.wire;

import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.errors.SerializationException;

/**
 * What a method takes and returns, out of its descriptor: a form of each type as the JVM writes it ({@code I}, {@code Ljava/lang/String;},
 * {@code [J}).
 *
 * @param parameters without the receiver
 * @param result {@code V} if it is void
 */
record MethodDescriptor(List<String> parameters, String result) {
    static MethodDescriptor parse(String text) {
        List<String> parameters = new ArrayList<>(4);
        int end = text.indexOf(')');
        int at = 1;
        while (at < end) {
            int next = typeEnd(text, at);
            parameters.add(text.substring(at, next));
            at = next;
        }
        if (end < 1 || at != end || text.charAt(0) != '(' || typeEnd(text, end + 1) != text.length()) {
            throw corrupt(text);
        }
        return new MethodDescriptor(parameters, text.substring(end + 1));
    }

    private static int typeEnd(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) == '[') {
            at++;
        }
        int end = at < text.length() && text.charAt(at) == 'L' ? text.indexOf(';', at) : at;
        if (end < 0 || end >= text.length()) {
            throw corrupt(text);
        }
        return end + 1;
    }

    private static SerializationException corrupt(String text) {
        return new SerializationException("the message is corrupt: ".concat(text).concat(" describes no method"));
    }
}
