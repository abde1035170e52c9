package org.jmultiprocessing.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Large elements and results, whose memory is used again: no map gets another one's bytes. */
@Timeout(120)
class LargeTest {
    private static final int COUNT = 60;

    private static byte[] filled(int i) {
        byte[] bytes = new byte[100_000 + i * 17_001 % 1_300_000];
        Arrays.fill(bytes, (byte) i);
        return bytes;
    }

    private static byte[] next(byte[] bytes) {
        byte[] result = bytes.clone();
        result[0]++;
        result[result.length - 1]++;
        return result;
    }

    private static void check(List<byte[]> results) {
        assertEquals(COUNT, results.size());
        for (int i = 0; i < COUNT; i++) {
            byte[] expected = next(filled(i));
            assertEquals(-1, Arrays.mismatch(expected, results.get(i)), "result " + i);
        }
    }

    private static List<byte[]> elements() {
        List<byte[]> elements = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            elements.add(filled(i));
        }
        return elements;
    }

    @Test
    void eachResultIsItsOwn() throws Exception {
        try (Pool pool = new Pool(2)) {
            for (int chunkSize : new int[] {1, 3, 1}) {
                check(pool.map(LargeTest::next, elements(), chunkSize));
            }
            AsyncResult<List<byte[]>> first = pool.mapAsync(LargeTest::next, elements(), 1);
            check(pool.map(LargeTest::next, elements(), 2));
            check(first.get());
            List<byte[]> drawn = new ArrayList<>();
            pool.imap(LargeTest::next, elements(), 1).forEachRemaining(drawn::add);
            check(drawn);
        }
    }
}
