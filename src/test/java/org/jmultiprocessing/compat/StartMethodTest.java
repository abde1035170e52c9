package org.jmultiprocessing.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

    @Test
    void c3AskingWhetherItIsChosenDoesNotChoose() throws Exception {
        Program program = Program.of(Program.ofClass(Chooser.class));
        assertEquals("Optional.empty\nOptional.empty\nOptional[spawn]\n", program.out(), program.err());
        assertEquals(Optional.of(Multiprocessing.startMethod()), Multiprocessing.startMethodIfChosen());
    }
}
