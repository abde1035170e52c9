package org.jmultiprocessing.internal.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class JnaPosixTest extends PosixSpawnContractTest {
    private static final Posix POSIX = new JnaPosix();

    JnaPosixTest() {
        super(POSIX);
    }

    @Test
    void isJna() {
        assertEquals("jna", posix.binding());
    }

    /** What macOS uses; it works everywhere. */
    @Test
    void pollSetReportsOnce() {
        int[] wake = new int[2];
        assertDone(posix.wakeCreate(wake));
        opened(wake[0]);
        JnaWatch.PollSet set = new JnaWatch.PollSet(wake);
        int[] one = openPipe(3);
        int[] other = openPipe(3);
        int[] fds = new int[2];
        int[] events = new int[2];
        assertEquals(0, set.await(fds, events, 1_000_000));
        set.change(one[0], Posix.READABLE);
        set.change(one[1], Posix.WRITABLE);
        set.change(other[0], Posix.READABLE);
        assertEquals(1, set.await(fds, events, FOR_EVER));
        assertEquals(one[1], fds[0]);
        assertEquals(Posix.WRITABLE, events[0]);
        assertEquals(0, set.await(fds, events, 0));
        closeNow(other[0]);
        write(one[1], "x");
        assertEquals(1, set.await(fds, events, FOR_EVER));
        assertEquals(one[0], fds[0]);
        set.change(one[0], Posix.READABLE);
        set.change(one[0], 0);
        assertEquals(0, set.await(fds, events, 0));
    }

    /** What serves where there is no futex. */
    @Test
    void wordsAreWaitedForByLooking() throws InterruptedException {
        int fd = opened(posix.anonymousFile());
        assertDone(posix.resize(fd, 4096, true));
        long address = posix.map(fd, 0, 4096, true);
        ByteBuffer word = posix.buffer(address, 4).order(ByteOrder.nativeOrder());
        assertEquals(1, JnaWaits.waitByLooking(address, 0, 3_000_000));
        Thread writer = new Thread(() -> word.putInt(0, 5));
        writer.start();
        assertEquals(0, JnaWaits.waitByLooking(address, 0, FOR_EVER));
        writer.join();
        assertDone(posix.unmap(address, 4096));
    }
}
