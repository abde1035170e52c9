package org.jmultiprocessing.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is killed, every task ends, with its result or the death of its own worker. */
class ChaosTest {
    @Test
    @Timeout(120)
    void everyTaskEnds() throws InterruptedException {
        Chaos.Outcome outcome = new Chaos(3_000, 2, 0, Duration.ofMillis(150), 1).run();
        assertEquals(3_000, outcome.results() + outcome.deaths(), outcome.toString());
        assertTrue(outcome.kills() > 0, outcome.toString());
        assertTrue(outcome.deaths() <= outcome.kills(), outcome.toString());
    }

    @Test
    @Timeout(120)
    void withRetriesAllSucceed() throws InterruptedException {
        Chaos.Outcome outcome = new Chaos(3_000, 2, 20, Duration.ofMillis(150), 2).run();
        assertEquals(3_000, outcome.results(), outcome.toString());
    }

    @Test
    @Tag("stress")
    @Timeout(300)
    void forLong() throws InterruptedException {
        for (int round = 0; round < 3; round++) {
            Chaos.Outcome outcome = new Chaos(10_000, 4, 0, Duration.ofMillis(200), round).run();
            assertEquals(10_000, outcome.results() + outcome.deaths(), outcome.toString());
            assertTrue(outcome.deaths() <= outcome.kills(), outcome.toString());
        }
    }
}
