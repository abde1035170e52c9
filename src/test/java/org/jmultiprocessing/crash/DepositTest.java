package org.jmultiprocessing.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.os.ProcessIds;
import org.jmultiprocessing.internal.registry.Tree;
import org.jmultiprocessing.internal.registry.TreeRoot;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Descriptors that wait with the tracker while those who sent them, or the tracker itself, are killed. */
@Timeout(60)
class DepositTest {
    @Test
    void outlivesItsSender() throws Exception {
        try (Pipe carrier = Pipe.oneWay(); Process sender = new Process(DepositTest::sendAndDie, carrier.writer())) {
            sender.start();
            sender.join();
            assertEquals(-9, sender.exitCode().getAsInt());
            try (Connection received = (Connection) carrier.reader().recv()) {
                assertEquals("from the dead", received.recv());
            }
        }
    }

    static void sendAndDie(Connection carrier) throws InterruptedException {
        Pipe cargo = Pipe.oneWay();
        cargo.writer().send("from the dead");
        carrier.send(cargo.reader());
        ProcessIds.killSelf();
    }

    @Test
    void goesWithTheTrackerThatKeptIt() throws Exception {
        try (Pipe carrier = Pipe.oneWay(); Pipe cargo = Pipe.oneWay()) {
            carrier.writer().send(cargo.writer());
            TreeRoot.killTracker(Tree.current());
            SerializationException lost = assertThrows(SerializationException.class, carrier.reader()::recv);
            assertTrue(lost.getMessage().contains("the tracker that kept it has been killed"), lost.getMessage());
            carrier.writer().send(cargo.writer());
            try (Connection received = (Connection) carrier.reader().recv()) {
                received.send(1);
                assertEquals(1, cargo.reader().recv());
            }
        }
    }
}
