package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.sharedmemory.Reserve;
import org.jmultiprocessing.sharedmemory.ShareableList;
import org.jmultiprocessing.sharedmemory.SharedMemory;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever is killed, and whenever: no name of shared memory stays when its process tree has ended, and none goes before or that is another's. */
class SharedMemoryKillTest {
    private static final Path FOLDER = Path.of("/dev/shm");
    private static final int PATIENCE_SECONDS = 20;
    private static final int STORMS = 8;
    private static final int LONGEST_STORM_MILLIS = 300;
    private static final String CHOSEN = "jmp-kill-" + ProcessHandle.current().pid() + "-";

    @BeforeEach
    void requireNamesToBeSeen() {
        assumeTrue(Files.isDirectory(FOLDER), "names of shared memory are not seen here");
    }

    /** Creates blocks of each kind here and in a child, says their names, and waits. */
    static final class Owner {
        private Owner() { }

        static void createInChild(Connection names, String chosen) throws InterruptedException {
            names.send(SharedMemory.create(chosen, 100).name() + " " + SharedMemory.create(100).name());
            names.poll(Duration.ofSeconds(PATIENCE_SECONDS));
        }

        public static void main(String[] arguments) throws Exception {
            String mine = SharedMemory.create(100).name() + " " + SharedMemory.create(arguments[0], 100).name() + " "
                    + ShareableList.create(List.of(1)).shm().name() + " " + SharedMemory.attach(arguments[2]).name();
            Pipe pipe = Pipe.duplex();
            org.jmultiprocessing.process.Process child =
                    new org.jmultiprocessing.process.Process(Owner::createInChild, pipe.second(), arguments[1]);
            child.start();
            System.out.println(mine + " " + pipe.first().recv() + " " + child.pid().getAsLong());
            if (System.in.read() < 0) {
                pipe.first().send("end");
                child.join();
            }
        }
    }

    @Test
    void namesGoWhenTheMainProcessIsKilled() throws Exception {
        namesGo("kill main");
    }

    @Test
    void namesGoWhenTheProgramEndsWithoutUnlinking() throws Exception {
        namesGo("end");
    }

    @Test
    void namesStayWhileAnyProcessOfTheTreeLives() throws Exception {
        namesGo("kill child");
    }

    private static void namesGo(String how) throws Exception {
        try (SharedMemory foreign = SharedMemory.create(100)) {
            List<String> command = Program.ofClass(Owner.class);
            command.addAll(List.of(CHOSEN + "a", CHOSEN + "b", foreign.name()));
            Process owner = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try {
                BufferedReader out = new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8));
                List<String> names = new ArrayList<>(List.of(out.readLine().split(" ")));
                long child = Long.parseLong(names.remove(names.size() - 1));
                assertTrue(names.remove(foreign.name()));
                assertEquals(5, names.size());
                assertTrue(present().containsAll(names), () -> names + " in " + presentOrFail());
                if (how.equals("kill child")) {
                    ProcessHandle killed = ProcessHandle.of(child).orElseThrow();
                    killed.destroyForcibly();
                    killed.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    assertTrue(present().containsAll(names), "what a child created outlives it, as its parent may use it");
                    owner.destroyForcibly();
                } else if (how.equals("kill main")) {
                    owner.destroyForcibly();
                } else {
                    owner.getOutputStream().close();
                }
                assertTrue(owner.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
                awaitAbsence(names);
                SharedMemory.attach(foreign.name()).close();
            } finally {
                owner.destroyForcibly().waitFor();
                foreign.unlink();
            }
        }
    }

    /** Creates and unlinks, without pause. */
    static final class Storm {
        private Storm() { }

        public static void main(String[] arguments) {
            System.out.println("ready");
            for (int i = 0;; i++) {
                SharedMemory chosen = SharedMemory.create(arguments[0] + i % 10, 5000, Reserve.values()[i % 2]);
                SharedMemory random = SharedMemory.create(5000, Reserve.values()[i % 2]);
                chosen.close();
                random.close();
                random.unlink();
                chosen.unlink();
            }
        }
    }

    @Test
    void noInstantLeavesAName() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Set<String> before = present();
        for (int i = 0; i < STORMS; i++) {
            List<String> command = Program.ofClass(Storm.class);
            command.add(CHOSEN);
            Process storm = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            assertEquals('r', storm.getInputStream().read());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_STORM_MILLIS)));
            storm.destroyForcibly().waitFor();
            Set<String> left = present();
            left.removeAll(before);
            left.removeIf(name -> !name.startsWith(CHOSEN) && !name.startsWith("psm_"));
            awaitAbsence(left);
        }
        awaitTheNextStart(before);
    }

    /** One that was killed after it had made its tree's directory and before it had a tracker leaves that, empty: the next start removes it. */
    private static void awaitTheNextStart(Set<String> before) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (present().stream().anyMatch(name -> name.matches("jmp-[0-9a-f]{16}") && !before.contains(name))) {
            assertTrue(System.nanoTime() < deadline, () -> "directories are left: " + presentOrFail());
            Process next = new ProcessBuilder(Program.ofClass(Starter.class)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            assertTrue(next.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
    }

    /** Starts a tree. */
    static final class Starter {
        private Starter() { }

        public static void main(String[] arguments) {
            try (SharedMemory memory = SharedMemory.create(100)) {
                memory.unlink();
            }
        }
    }

    private static void awaitAbsence(Iterable<String> names) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (String name : names) {
            while (present().contains(name)) {
                assertTrue(System.nanoTime() < deadline, () -> name + " is still there");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    private static Set<String> presentOrFail() {
        try {
            return present();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> present() throws IOException {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(FOLDER)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        return names;
    }
}
