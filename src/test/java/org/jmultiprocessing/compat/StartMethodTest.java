package org.jmultiprocessing.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.jmultiprocessing.Multiprocessing;
import org.jmultiprocessing.process.StartMethod;
import org.jmultiprocessing.support.Program;
import org.junit.jupiter.api.Test;

/** C2 and C3 where nothing has been chosen yet: in a JVM of its own, since the choice is made once. */
class StartMethodTest {
    /** Runs there. */
    static final class Chooser {
        private Chooser() { }

        public static void main(String[] arguments) {
            System.out.println(Multiprocessing.startMethodIfChosen());
            System.out.println(Multiprocessing.startMethodIfChosen());
            Multiprocessing.setStartMethod(StartMethod.SPAWN);
            System.out.println(Multiprocessing.startMethodIfChosen());
        }
    }

    /** Runs there. */
    static final class Asker {
        private Asker() { }

        public static void main(String[] arguments) {
            System.out.println(Multiprocessing.startMethod() + " of " + Multiprocessing.allStartMethods());
        }
    }

    @Test
    void c2TheDefaultIsTheForkServerWhereItWorksAndSpawnElsewhere() throws Exception {
        boolean serves = StartMethod.available().contains(StartMethod.FORKSERVER);
        String here = Program.of(Program.ofClass(Asker.class)).out();
        assertTrue(here.startsWith(serves ? "forkserver of [forkserver, spawn" : "spawn of [spawn"), here);
        assertEquals("spawn of [spawn]\n", Program.of(Program.ofClass(Asker.class, "-Djmultiprocessing.binding=jna")).out());
    }

    @Test
    void c3AskingWhetherItIsChosenDoesNotChoose() throws Exception {
        Program program = Program.of(Program.ofClass(Chooser.class));
        assertEquals("Optional.empty\nOptional.empty\nOptional[spawn]\n", program.out(), program.err());
        assertEquals(Optional.of(Multiprocessing.startMethod()), Multiprocessing.startMethodIfChosen());
    }
}
