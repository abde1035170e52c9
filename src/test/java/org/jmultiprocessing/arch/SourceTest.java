package org.jmultiprocessing.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the compilers do not say about the sources. */
class SourceTest {
    private static final int MOST_LINES = 400;
    private static final int MOST_COLUMNS = 150;
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");

    /** Longer files, each with the reason. */
    private static final Map<String, String> MAY_BE_LONGER = Map.of(
            "Posix.java", "one list of operations, nine lines in ten of it contract");

    private static final Path ROOT = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static List<Path> product;
    private static List<Path> all;

    @BeforeAll
    static void findSources() throws IOException {
        product = find("src/main/java", "native/include", "native/src", "native/tracker");
        all = new ArrayList<>(product);
        all.addAll(find("src/test/java", "src/bench/java", "native/test"));
        assertFalse(product.isEmpty(), "no sources under " + ROOT);
    }

    @Test
    void filesAreShort() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : product) {
            int lines = Files.readAllLines(file).size();
            if (lines > MOST_LINES && !MAY_BE_LONGER.containsKey(file.getFileName().toString())) {
                found.add(ROOT.relativize(file) + ": " + lines + " lines");
            }
        }
        assertEquals(List.of(), found, "more than " + MOST_LINES + " lines: which second reason to exist has the file?");
    }

    @Test
    void linesAreShort() throws IOException {
        assertNoLine(line -> line.length() > MOST_COLUMNS, "more than " + MOST_COLUMNS + " columns");
    }

    @Test
    void indentationIsSpaces() throws IOException {
        assertNoLine(line -> line.indexOf('\t') >= 0 || line.endsWith(" "), "a tab, or a blank at the end");
    }

    @Test
    void importsNameClasses() throws IOException {
        assertNoLine(line -> line.startsWith("import ") && line.endsWith("*;"), "a wildcard import");
    }

    @Test
    void nothingIsLeftForLater() throws IOException {
        assertNoLine(line -> UNFINISHED.matcher(line).find() && !line.contains("Pattern.compile"), "left for later");
    }

    private static void assertNoLine(Predicate<String> bad, String fault) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : all) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (bad.test(lines.get(i))) {
                    found.add(ROOT.relativize(file) + ":" + (i + 1));
                }
            }
        }
        assertEquals(List.of(), found, fault);
    }

    private static List<Path> find(String... folders) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : folders) {
            Path path = ROOT.resolve(folder);
            if (Files.isDirectory(path)) {
                try (Stream<Path> found = Files.walk(path)) {
                    found.filter(file -> file.toString().matches(".*\\.(java|c|h)")).sorted().forEach(files::add);
                }
            }
        }
        return files;
    }
}
