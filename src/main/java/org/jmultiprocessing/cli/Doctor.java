package org.jmultiprocessing.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jmultiprocessing.internal.registry.Diagnostics;
import org.jmultiprocessing.internal.registry.Json;
import org.jmultiprocessing.process.StartMethod;

/** The report of what works on this machine, and why something does not. */
final class Doctor {
    private static final String INDENT = "  ";
    private static final int NAME_WIDTH = 20;

    private final Map<String, Map<String, Object>> sections = new LinkedHashMap<>();

    private Doctor() {
    }

    /**
     * Examines and prints.
     *
     * @return 0 if the default start method works, else 1
     */
    static int run(boolean json, PrintStream out) throws InterruptedException {
        Doctor doctor = new Doctor();
        boolean works = doctor.examine();
        if (json) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("works", works);
            report.putAll(doctor.sections);
            out.println(Json.text(report));
        } else {
            doctor.print(out);
            out.println(works ? "The default start method works." : "The default start method does NOT work: see above.");
        }
        return works ? 0 : 1;
    }

    private boolean examine() throws InterruptedException {
        sections.put("platform", HostFacts.platform());
        sections.put("jvm", HostFacts.jvm());
        boolean bound = bind();
        boolean works = bound && startMethods();
        sections.put("shared memory", HostFacts.sharedMemory());
        sections.put("limits", HostFacts.limits());
        sections.putAll(Diagnostics.sections());
        return works;
    }

    private boolean bind() {
        try {
            sections.put("binding", Diagnostics.binding());
            return true;
        } catch (LinkageError none) {
            sections.put("binding", Map.of("in use", "none", "why", reasons(none)));
            return false;
        }
    }

    private static List<String> reasons(Throwable failure) {
        List<String> reasons = new ArrayList<>(List.of(String.valueOf(failure.getMessage())));
        for (Throwable suppressed : failure.getSuppressed()) {
            reasons.addAll(reasons(suppressed));
        }
        return reasons;
    }

    private boolean startMethods() throws InterruptedException {
        StartMethod standard = StartMethod.available().get(0);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("default", standard.toString());
        boolean works = false;
        for (StartMethod method : StartMethod.available()) {
            StartTest test = StartTest.of(method);
            facts.put(method.toString(), test.facts());
            works |= method == standard && test.works();
        }
        sections.put("start methods", facts);
        return works;
    }

    private void print(PrintStream out) {
        sections.forEach((title, facts) -> {
            out.println(title);
            print(out, facts, INDENT);
            out.println();
        });
    }

    private static void print(PrintStream out, Map<?, ?> facts, String indent) {
        facts.forEach((name, value) -> {
            if (value instanceof Map<?, ?> nested) {
                out.println(indent + name);
                print(out, nested, indent + INDENT);
            } else {
                out.println(indent + String.format("%-" + (NAME_WIDTH - indent.length()) + "s  ", name) + line(value));
            }
        });
    }

    private static String line(Object value) {
        if (value instanceof Collection<?> all) {
            return all.isEmpty() ? "-" : String.join("; ", all.stream().map(String::valueOf).toList());
        }
        return value instanceof Boolean yes ? yes ? "yes" : "no" : String.valueOf(value);
    }
}
