package org.jmultiprocessing.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("smoke")
class MainTest {
    @ParameterizedTest
    @ValueSource(strings = {"frobnicate", "demo pipe process", "doctor --xml", ""})
    void aMistakeShowsTheUsage(String line) throws InterruptedException {
        CommandLine result = CommandLine.run(line.isEmpty() ? new String[0] : line.split(" "));
        assertEquals(2, result.code());
        assertTrue(result.err().contains("usage: java -jar"), result.err());
        assertEquals("", result.out());
    }

    @Test
    void anUnknownCommandIsNamed() throws InterruptedException {
        assertTrue(CommandLine.run("frobnicate").err().startsWith("unknown command 'frobnicate'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h"})
    void helpIsNoMistake(String option) throws InterruptedException {
        CommandLine result = CommandLine.run(option);
        assertEquals(0, result.code());
        assertTrue(result.out().contains("doctor [--json]"), result.out());
    }

    @Test
    void demoKnowsItsPrograms() throws InterruptedException {
        CommandLine unknown = CommandLine.run("demo", "forkbomb");
        assertEquals(2, unknown.code());
        assertTrue(unknown.err().contains("no program 'forkbomb'; there are process, pipe"), unknown.err());
    }

    @Test
    void theLibraryHasNoBenchmarks() throws InterruptedException {
        CommandLine result = CommandLine.run("bench", "--list");
        assertEquals(2, result.code());
        assertTrue(result.err().contains("in the executable jar only"), result.err());
    }
}
