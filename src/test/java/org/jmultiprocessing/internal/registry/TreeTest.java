package org.jmultiprocessing.internal.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Process trees, from their first need to their end, and whoever is killed in between. */
@Timeout(120)
class TreeTest {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    @Test
    void isMadeByWhoNeedsItFirst() throws Exception {
        Path directory;
        try (TreeRoot root = new TreeRoot()) {
            directory = root.directory();
            root.ask("child");
            assertEquals(root.id(), root.ask("to 0 id"));
            assertFalse(Files.exists(directory));
            String child = root.ask("to 0 self");
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
            assertEquals(1, TreeRoot.trackers(directory).size());
            assertEquals("true", root.ask("watched"));
            assertNotEquals(child, root.ask("self"));
            assertEquals("2", root.ask("to 0 count"));
            assertEquals(1, TreeRoot.trackers(directory).size());
            root.ask("return");
            root.awaitEnd();
        }
        TreeRoot.awaitGone(directory);
    }

    @Test
    void isSharedByGrandchildren() throws Exception {
        Path directory;
        try (TreeRoot root = new TreeRoot()) {
            directory = root.directory();
            root.ask("child");
            root.ask("to 0 child");
            String grandchild = root.ask("to 0 to 0 self");
            assertEquals(root.id(), root.ask("to 0 to 0 id"));
            assertEquals("alive", root.ask("state " + grandchild));
            TreeRoot.signal("KILL", Long.parseLong(root.ask("to 0 to 0 pid")));
            awaitState(root, grandchild, "died");
            assertEquals("1", root.ask("count"));
        }
        TreeRoot.awaitGone(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"to 0 exit 0:left", "to 0 exit 7:left", "to 0 return:left", "TERM:died", "INT:died", "HUP:died", "KILL:died"})
    void marksHowAMemberEnded(String how) throws Exception {
        String[] parts = how.split(":");
        Path directory;
        try (TreeRoot root = new TreeRoot()) {
            directory = root.directory();
            root.ask("self");
            root.ask("child");
            String child = root.ask("to 0 self");
            assertEquals("alive", root.ask("state " + child));
            if (parts[0].startsWith("to")) {
                assertEquals("ended", root.ask(parts[0]));
            } else {
                TreeRoot.signal(parts[0], Long.parseLong(root.ask("to 0 pid")));
            }
            awaitState(root, child, parts[1]);
        }
        TreeRoot.awaitGone(directory);
    }

    @Test
    void anOrphanDied() throws Exception {
        Path directory;
        try (TreeRoot root = new TreeRoot()) {
            directory = root.directory();
            root.ask("child");
            root.ask("to 0 child");
            String grandchild = root.ask("to 0 to 0 self");
            TreeRoot.signal("KILL", Long.parseLong(root.ask("to 0 pid")));
            awaitState(root, grandchild, "died");
        }
        TreeRoot.awaitGone(directory);
    }

    @Test
    void outlivesItsTracker() throws Exception {
        Path directory;
        String name = "psm_" + UUID.randomUUID().toString().substring(0, 8);
        try (TreeRoot root = new TreeRoot()) {
            directory = root.directory();
            root.ask("child");
            String child = root.ask("to 0 self");
            root.ask("self");
            assertEquals("", root.ask("random " + name));
            for (int i = 0; i < 10; i++) {
                TreeRoot.killTracker(directory);
            }
            assertEquals("true", root.ask("watched"), root.ask("trouble") + root.ask("to 0 trouble"));
            TreeRoot.signal("KILL", Long.parseLong(root.ask("to 0 pid")));
            awaitState(root, child, "died");
        }
        TreeRoot.awaitGone(directory);
        assertFalse(Files.exists(SHARED_MEMORY.resolve(name)));
    }

    @Test
    void aDeathWithoutTrackerIsSeenByTheNext() throws Exception {
        Path directory;
        try (TreeRoot root = new TreeRoot()) {
            directory = root.directory();
            root.ask("child");
            String child = root.ask("to 0 self");
            root.ask("self");
            long pid = Long.parseLong(root.ask("to 0 pid"));
            long tracker = TreeRoot.trackers(directory).get(0);
            TreeRoot.signal("STOP", tracker);
            TreeRoot.signal("KILL", pid);
            TreeRoot.signal("KILL", tracker);
            awaitState(root, child, "died");
        }
        TreeRoot.awaitGone(directory);
    }

    @Test
    void isSweptByTheNextWhereNobodyIsLeft() throws Exception {
        String random = "psm_" + UUID.randomUUID().toString().substring(0, 8);
        String chosen = "jmp-test-" + UUID.randomUUID().toString().substring(0, 8);
        Path dead;
        try (TreeRoot root = new TreeRoot()) {
            dead = root.directory();
            root.ask("self");
            assertEquals("", root.ask("random " + random));
            assertEquals("", root.ask("chosen " + chosen));
            long tracker = TreeRoot.trackers(dead).get(0);
            TreeRoot.signal("STOP", tracker);
            root.kill();
            TreeRoot.signal("KILL", tracker);
            TreeRoot.await("the tracker ends", () -> TreeRoot.trackers(dead).isEmpty());
        }
        assertTrue(Files.exists(dead));
        assertTrue(Files.exists(SHARED_MEMORY.resolve(random)));
        Path next;
        try (TreeRoot root = new TreeRoot()) {
            next = root.directory();
            root.ask("self");
            TreeRoot.awaitGone(dead);
        }
        TreeRoot.awaitGone(next);
        assertFalse(Files.exists(SHARED_MEMORY.resolve(random)));
        assertFalse(Files.exists(SHARED_MEMORY.resolve(chosen)));
    }

    @Test
    void removesItsNamesAndNoOthers() throws Exception {
        String random = "psm_" + UUID.randomUUID().toString().substring(0, 8);
        String chosen = "jmp-test-" + UUID.randomUUID().toString().substring(0, 8);
        String announced = "jmp-test-" + UUID.randomUUID().toString().substring(0, 8);
        String replaced = "jmp-test-" + UUID.randomUUID().toString().substring(0, 8);
        String taken = "jmp-test-" + UUID.randomUUID().toString().substring(0, 8);
        Path directory;
        Files.createFile(SHARED_MEMORY.resolve(taken));
        try (TreeRoot root = new TreeRoot()) {
            directory = root.directory();
            assertEquals("", root.ask("random " + random));
            assertEquals("", root.ask("chosen " + chosen));
            assertEquals("EEXIST", root.ask("chosen " + chosen));
            assertEquals("EEXIST", root.ask("chosen " + taken));
            assertFalse(Files.isSymbolicLink(directory.resolve("name-" + taken)));
            assertEquals("", root.ask("announced " + announced));
            Files.createFile(SHARED_MEMORY.resolve(announced));
            assertEquals("", root.ask("chosen " + replaced));
            Files.move(SHARED_MEMORY.resolve(replaced), SHARED_MEMORY.resolve(replaced + "-old"));
            Files.createFile(SHARED_MEMORY.resolve(replaced));
            root.kill();
        }
        try {
            TreeRoot.awaitGone(directory);
            assertFalse(Files.exists(SHARED_MEMORY.resolve(random)));
            assertFalse(Files.exists(SHARED_MEMORY.resolve(chosen)));
            assertFalse(Files.exists(SHARED_MEMORY.resolve(announced)), "created within 2 s after it was announced");
            assertTrue(Files.exists(SHARED_MEMORY.resolve(replaced)), "another object of that name");
            assertTrue(Files.exists(SHARED_MEMORY.resolve(taken)), "another's object");
        } finally {
            for (String name : List.of(taken, replaced, replaced + "-old")) {
                Files.deleteIfExists(SHARED_MEMORY.resolve(name));
            }
        }
    }

    @Test
    void withoutATrackerWhoWaitsLooks() throws Exception {
        Path directory;
        try (TreeRoot root = new TreeRoot("-Djmultiprocessing.tracker=off")) {
            directory = root.directory();
            root.ask("child");
            String child = root.ask("to 0 self");
            root.ask("self");
            assertEquals("false", root.ask("watched"));
            assertTrue(root.ask("trouble").contains("-Djmultiprocessing.tracker=off"));
            assertEquals(List.of(), TreeRoot.trackers(directory));
            root.ask("refresh");
            assertEquals("alive", root.ask("state " + child));
            TreeRoot.signal("KILL", Long.parseLong(root.ask("to 0 pid")));
            TreeRoot.await("a look finds the child dead", () -> {
                root.ask("refresh");
                return root.ask("state " + child).equals("died");
            });
            root.ask("return");
            root.awaitEnd();
        }
        TreeRoot.awaitGone(directory);
    }

    @Test
    void staysWhileAnotherTreeUsesIt() throws Exception {
        Path directory;
        Path mine;
        try (TreeRoot other = new TreeRoot()) {
            mine = other.directory();
            try (TreeRoot root = new TreeRoot()) {
                directory = root.directory();
                String member = root.ask("self");
                String foreigner = other.ask("foreign " + root.id());
                assertEquals("alive", root.ask("state " + foreigner));
                TreeRoot.killTracker(directory);
                TreeRoot.await("the other is known to the next tracker", () -> root.ask("watched").equals("true"));
                String id = root.id();
                root.kill();
                TreeRoot.await("the end of the root is seen", () -> other.ask("foreign-state " + id + " " + member).equals("died"));
            }
            assertTrue(Files.exists(directory));
        }
        TreeRoot.awaitGone(directory);
        TreeRoot.awaitGone(mine);
    }

    @Test
    void anEndedTreeIsAnError() throws Exception {
        Path mine;
        try (TreeRoot root = new TreeRoot()) {
            mine = root.directory();
            String answer = root.ask("foreign 0123456789abcdef");
            assertTrue(answer.contains("all processes of that tree have ended"), answer);
            assertTrue(root.ask("foreign ../../etc").contains("not the id of a process tree"));
            root.ask("self");
        }
        TreeRoot.awaitGone(mine);
    }

    @Test
    void refusesTheProcessesOfAnotherContainer() throws Exception {
        List<String> unshare = List.of("unshare", "--pid", "--fork");
        assumeTrue(Program.of(List.of("unshare", "--pid", "--fork", "true")).code() == 0, "may not make a pid namespace");
        Path directory;
        try (TreeRoot root = new TreeRoot()) {
            directory = root.directory();
            root.ask("self");
            try (TreeRoot other = new TreeRoot(unshare)) {
                String answer = other.ask("foreign " + root.id());
                assertTrue(answer.contains("pid namespace"), answer);
                other.ask("return");
                other.awaitEnd();
            }
        }
        TreeRoot.awaitGone(directory);
    }

    @Test
    void refusesAnotherPidNamespace() throws Exception {
        Path directory;
        try (TreeRoot root = new TreeRoot()) {
            directory = root.directory();
            root.ask("self");
            root.ask("child");
            try (RandomAccessFile table = new RandomAccessFile(directory.resolve("members").toFile(), "rw")) {
                table.seek(16);
                table.writeLong(4711);
            }
            String answer = root.ask("to 0 self");
            assertTrue(answer.contains("pid namespace") && answer.contains("run both in the same container"), answer);
        }
        TreeRoot.awaitGone(directory);
    }

    private static void awaitState(TreeRoot root, String member, String state) throws Exception {
        TreeRoot.await("member " + member + " is seen to have " + state, () -> isState(root, member, state));
        assertEquals(state, root.ask("state " + member));
    }

    private static boolean isState(TreeRoot root, String member, String state) throws IOException {
        String now = root.ask("state " + member);
        return now.equals(state) || !now.equals("alive");
    }
}
