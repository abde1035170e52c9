package org.jmultiprocessing.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The jar as users start it. */
class ExecutableJarTest {
    @Test
    void demoPrintsWhatItsPythonTwinsPrint() throws IOException, InterruptedException {
        Program demo = Program.ofJar("demo");
        String expected = """
                == process: a function in a process of its own
                OptionalLong\\.empty
                OptionalLong\\[[0-9]+]
                sub_progress success
                main progress end
                == pipe: two processes and a pipe between them
                a
                == queue: what one process puts into a queue, another gets
                a
                == manager: a map in a process of its own, which others fill
                \\{[ab]=2[23], [ab]=2[23]}
                == pool: a function in a pool of processes
                sub_progress success
                3
                == pool-queue: a manager's queue between the tasks of a pool
                a
                """;
        assertAll(
                () -> assertEquals(0, demo.code(), demo.err()),
                () -> assertEquals("", demo.err(), "no warnings either"),
                () -> assertTrue(Pattern.matches(expected.replace("(", "\\("), demo.out()), demo.out()));
    }

    @Test
    void oneProgramRunsAlone() throws IOException, InterruptedException {
        assertEquals("== pipe: two processes and a pipe between them\na\n", Program.ofJar("demo", "pipe").out());
    }

    @Test
    void benchMeasures() throws IOException, InterruptedException {
        Program bench = Program.ofJar("bench", "--quick", "--json", "--cases", "process_cycle_spawn,pipe_throughput_1MiB");
        String number = "[0-9.]+";
        String figures = "\"median\": " + number + ",\\s+\"min\": " + number + ",\\s+\"max\": " + number + ",\\s+\"n\": 2\\s+}";
        assertEquals(0, bench.code(), bench.err());
        String expected = "\\{\\s+\"process_cycle_spawn\": \\{\\s+\"unit\": \"ms\",\\s+" + figures
                + ",\\s+\"pipe_throughput_1MiB.msgs\": \\{\\s+\"unit\": \"msgs/s\",\\s+" + figures
                + ",\\s+\"pipe_throughput_1MiB.MBps\": \\{\\s+\"unit\": \"MB/s\",\\s+" + figures + "\\s+}\\s*";
        assertTrue(Pattern.matches(expected, bench.out()), bench.out());
    }

    @Test
    void benchNamesItsMistakes() throws IOException, InterruptedException {
        Program unknown = Program.ofJar("bench", "--fast");
        assertEquals(2, unknown.code());
        assertTrue(unknown.err().startsWith("bench: unknown option '--fast'"), unknown.err());
        Program none = Program.ofJar("bench", "--cases", "nosuch*");
        assertEquals("bench: no case matches 'nosuch*'; --list prints them", none.err().strip());
        Program absent = Program.ofJar("bench", "--vs-python", "--python", "/no/such/python3");
        assertEquals(1, absent.code());
        assertTrue(absent.err().startsWith("bench: no Python to compare with"), absent.err());
    }

    @Test
    void casesAreThoseOfPython() throws IOException, InterruptedException {
        Program python = Program.of(List.of("python3", "src/bench/python/python_baseline.py", "--list"));
        Assumptions.assumeTrue(python.code() == 0, "no python3: the names of the cases were not compared");
        List<String> theirs = names(python.out());
        List<String> ours = new ArrayList<>(names(Program.ofJar("bench", "--list").out()));
        List<String> without = List.of("process_start_default_first", "pool_first_task", "manager_start_beside_process");
        assertTrue(ours.containsAll(without) && ours.removeAll(without), "those that CPython has no twin of, in " + ours);
        assertTrue(ours.contains("process_start_spawn") && theirs.containsAll(ours), () -> ours + " among " + theirs);
    }

    private static List<String> names(String list) {
        return list.lines().map(line -> line.substring(0, line.indexOf(':'))).toList();
    }

    @Test
    void bothSidesAreCompared() throws IOException, InterruptedException {
        Program python = Program.of(List.of("python3", "-c", "import venv"));
        Assumptions.assumeTrue(python.code() == 0, "no python3 with venv: the comparison was not run");
        Program bench = Program.ofJar("bench", "--vs-python", "--quick", "--rounds", "1", "--cases", "process_cycle_spawn");
        assertEquals(0, bench.code(), bench.err());
        Pattern row = Pattern.compile("\\| process_cycle_spawn +\\| ms +\\|( +[0-9.]+ \\|){3} <= 1.30  \\| (yes|NO) ");
        assertTrue(row.matcher(bench.out()).find(), bench.out());
    }
}
