package org.jmultiprocessing.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.pool.Pool;
import org.jmultiprocessing.process.Process;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ten million elements through a process whose heap holds less than a tenth of them: it keeps what is in flight, and no more. */
@Tag("stress")
class LongImapTest {
    private static final int ELEMENTS = 10_000_000;
    private static final int MINUTES = 10;

    /** The numbers from 0, made one by one. */
    private static final class Numbers implements Iterator<Integer> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < ELEMENTS;
        }

        @Override
        public Integer next() {
            return next++;
        }
    }

    private static int negative(int number) {
        return -number;
    }

    static void draw(int chunkSize, boolean ordered) {
        long sum = 0;
        int count = 0;
        try (Pool pool = new Pool(2)) {
            Iterator<Integer> results = ordered ? pool.imap(LongImapTest::negative, Numbers::new, chunkSize)
                    : pool.imapUnordered(LongImapTest::negative, Numbers::new, chunkSize);
            while (results.hasNext()) {
                int result = results.next();
                if (ordered && result != -count) {
                    throw new AssertionError("result " + count + " is " + result);
                }
                sum += result;
                count++;
            }
        }
        if (count != ELEMENTS || sum != -(long) ELEMENTS * (ELEMENTS - 1) / 2) {
            throw new AssertionError(count + " results with the sum " + sum);
        }
    }

    @ParameterizedTest
    @Timeout(value = MINUTES, unit = TimeUnit.MINUTES)
    @CsvSource({"1, true", "1, false", "1000, true"})
    void theParentHoldsWhatIsInFlight(int chunkSize, boolean ordered) throws Exception {
        try (Process parent = Process.builder(LongImapTest::draw, chunkSize, ordered).jvmOptions("-Xmx64m").start()) {
            parent.join();
            assertEquals(0, parent.exitCode().orElseThrow());
        }
    }
}
