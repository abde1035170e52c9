package org.jmultiprocessing.internal.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The word that says where a queue's head or tail is: each part runs on and round without touching the others. */
class MarkTest {
    @Test
    void partsRunRoundOnTheirOwn() {
        Random random = new Random(3);
        int ring = 0;
        int position = 0;
        int count = 0;
        long mark = 0;
        for (int i = 0; i < 1_000_000; i++) {
            if (random.nextInt(100) == 0) {
                ring = Mark.nextRing(ring, random.nextBoolean());
                position = 0;
                mark = Mark.start(ring, mark);
            }
            int units = 1 + random.nextInt(1 << random.nextInt(18));
            long before = mark;
            mark = Mark.behind(mark, units);
            position = position + units & (1 << 24) - 1;
            count = count + 1 & (1 << 28) - 1;
            assertEquals(ring, Mark.ring(mark));
            assertEquals(position, Mark.position(mark));
            assertEquals(count, Mark.count(mark));
            assertEquals(1, Mark.countBetween(before, mark));
            assertEquals(units, Mark.unitsBetween(before, mark));
        }
    }

    @Test
    void countsRunRound() {
        long last = Mark.start(4095, (1L << 28) - 1);
        long next = Mark.behind(last, 7);
        assertEquals(0, Mark.count(next));
        assertEquals(4095, Mark.ring(next));
        assertEquals(7, Mark.position(next));
        assertEquals(1, Mark.countBetween(last, next));
        assertEquals(Mark.COUNTS - 1, Mark.countBetween(next, last));
    }

    @Test
    void ringsAreCountedApartFromWhereTheyAre() {
        int ring = 0;
        for (int i = 1; i < 5000; i++) {
            int next = Mark.nextRing(ring, i % 3 != 0);
            assertEquals(i % 3 != 0, Mark.hasOwnFile(next));
            assertEquals(i % 2048, next % 2048);
            assertFalse(Mark.isSameSerial(ring, next));
            if (Mark.hasOwnFile(ring)) {
                assertEquals(ring, Mark.ringBefore(next));
            }
            ring = next;
        }
        assertTrue(Mark.isSameSerial(5, 5 | Mark.OWN_FILE));
    }
}
