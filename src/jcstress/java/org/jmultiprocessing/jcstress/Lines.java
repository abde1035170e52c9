package org.jmultiprocessing.jcstress;

import java.util.concurrent.atomic.AtomicInteger;
import org.jmultiprocessing.internal.arena.Arena;
import org.jmultiprocessing.internal.arena.Line;

/** Lines for tests that need new ones all the time: they take turns, so many that nobody uses a line any more when its turn comes again. */
final class Lines {
    private static final int COUNT = 1 << 18;
    private static final Arena.Block BLOCK = Arena.allocate(COUNT);
    private static final AtomicInteger TURN = new AtomicInteger();

    private Lines() { }

    static Line next() {
        return BLOCK.line(TURN.getAndIncrement() & COUNT - 1);
    }
}
