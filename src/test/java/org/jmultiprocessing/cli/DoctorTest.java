package org.jmultiprocessing.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DoctorTest {
    @Test
    @Tag("smoke")
    void saysThatTheDefaultStartMethodWorks() throws InterruptedException {
        CommandLine result = CommandLine.run("doctor");
        assertEquals(0, result.code(), result.out());
        assertTrue(result.out().contains("start methods\n  default"), result.out());
        assertTrue(result.out().strip().endsWith("The default start method works."), result.out());
    }

    @Test
    void speaksJson() throws InterruptedException {
        CommandLine result = CommandLine.run("doctor", "--json");
        assertEquals(0, result.code(), result.out());
        assertTrue(result.out().startsWith("{\n \"works\": true,\n \"platform\": {\n"), result.out());
        assertTrue(result.out().contains("  \"spawn\": {\n   \"works\": true,\n   \"start ms\": "), result.out());
        String binding = System.getProperty("jmultiprocessing.binding", "jni");
        assertTrue(result.out().contains("  \"tracker\": \"running\",\n  \"members\": 1"), result.out());
        assertTrue(result.out().contains(" \"binding\": {\n  \"in use\": \"" + binding + "\","), result.out());
    }
}
