package org.jmultiprocessing.internal.ffi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link Posix} promises, for both bindings; processes are in {@link PosixSpawnContractTest}. */
abstract class PosixContractTest {
    static final long FOR_EVER = -1;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int SIZE = 64 * 1024;

    final Posix posix;
    private final List<Integer> open = new ArrayList<>();

    PosixContractTest(Posix posix) {
        this.posix = posix;
    }

    @AfterEach
    void closeDescriptors() {
        open.forEach(posix::close);
    }

    final int opened(int fd) {
        assertTrue(fd >= 0, () -> error(fd));
        open.add(fd);
        return fd;
    }

    final void closeNow(int fd) {
        open.remove((Integer) fd);
        assertDone(posix.close(fd));
    }

    final int[] openPipe(int nonBlocking) {
        int[] fds = new int[2];
        assertDone(posix.pipe(fds, nonBlocking));
        opened(fds[0]);
        opened(fds[1]);
        return fds;
    }

    final int[] openSocketPair() {
        int[] fds = new int[2];
        assertDone(posix.socketPair(fds));
        opened(fds[0]);
        opened(fds[1]);
        return fds;
    }

    final void assertDone(long result) {
        assertEquals(0, result, () -> error(result));
    }

    final void assertError(String name, long result) {
        assertTrue(result < 0, () -> "expected " + name + ", got " + result);
        assertEquals(name, posix.errnoName((int) -result));
    }

    final String error(long result) {
        return result == Posix.WOULD_BLOCK ? "WOULD_BLOCK" : result < 0 ? posix.errnoName((int) -result) : Long.toString(result);
    }

    static byte[] bytes(String text) {
        return text.getBytes();
    }

    static byte[] terminated(String text) {
        return bytes(text + '\0');
    }

    final void write(int fd, String text) {
        byte[] bytes = bytes(text);
        assertEquals(bytes.length, posix.write(fd, bytes, 0, bytes.length));
    }

    final String read(int fd) {
        byte[] buffer = new byte[SIZE];
        int count = posix.read(fd, buffer, 0, buffer.length, 0);
        assertTrue(count >= 0, () -> error(count));
        return new String(buffer, 0, count);
    }

    final String readAll(int fd) {
        StringBuilder all = new StringBuilder();
        for (String part = read(fd); !part.isEmpty(); part = read(fd)) {
            all.append(part);
        }
        return all.toString();
    }

    private static <T> FutureTask<T> inThread(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task, "contract").start();
        return task;
    }

    // ---- identity ----

    @Test
    void tellsProcesses() throws IOException {
        assertEquals(ProcessHandle.current().pid(), posix.pid());
        assertEquals(ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L), posix.parentPid());
        long start = posix.startTime(posix.pid());
        assertTrue(start > 0);
        assertEquals(start, posix.startTime(posix.pid()));
        assertError("ESRCH", posix.startTime(Integer.MAX_VALUE));
        assertError("ESRCH", posix.startTime(-1));
        assertTrue(posix.uid() >= 0);
        assertTrue(posix.pageSize() >= 4096);
    }

    @Test
    void namesErrorsAndSignals() {
        assertError("EBADF", posix.close(-1));
        assertFalse(posix.errnoText(2).isEmpty());
        assertEquals("ENOENT", posix.errnoName(2));
        assertEquals("E9999", posix.errnoName(9999));
        assertEquals("SIGKILL", posix.signalName(9));
        assertEquals("SIGTERM", posix.signalName(15));
        assertEquals("SIG64", posix.signalName(64));
    }

    @Test
    void randomBytesDiffer() {
        byte[] one = new byte[1000];
        byte[] other = new byte[1000];
        assertDone(posix.random(one));
        assertDone(posix.random(other));
        assertFalse(Arrays.equals(one, other));
        assertNotEquals(0, one[997] | one[998] | one[999]);
        assertDone(posix.random(new byte[0]));
    }

    // ---- descriptors ----

    @Test
    void pipeCarriesBytesAndEnds() {
        int[] pipe = openPipe(3);
        byte[] buffer = new byte[10];
        assertEquals(Posix.WOULD_BLOCK, posix.read(pipe[0], buffer, 0, 10, 0));
        assertEquals(3, posix.write(pipe[1], bytes("xhelloy"), 1, 3));
        assertEquals(2, posix.read(pipe[0], buffer, 4, 2, 0));
        assertArrayEquals(new byte[] {0, 0, 0, 0, 'h', 'e', 0, 0, 0, 0}, buffer);
        assertEquals("l", read(pipe[0]));
        closeNow(pipe[1]);
        assertEquals(0, posix.read(pipe[0], buffer, 0, 10, 0));
    }

    @Test
    void fullPipeWouldBlockAndBrokenOneSaysSo() {
        int[] pipe = openPipe(3);
        byte[] block = new byte[300_000];
        int written = 0;
        int count = posix.write(pipe[1], block, 0, block.length);
        while (count > 0) {
            written += count;
            count = posix.write(pipe[1], block, 0, block.length);
        }
        assertEquals(Posix.WOULD_BLOCK, count);
        assertTrue(written >= 4096);
        closeNow(pipe[0]);
        assertError("EPIPE", posix.write(pipe[1], block, 0, 1));
    }

    @Test
    void blockingReadWaitsForTheWriter() throws Exception {
        int[] pipe = openPipe(0);
        FutureTask<String> reader = inThread(() -> read(pipe[0]));
        write(pipe[1], "late");
        assertEquals("late", reader.get());
    }

    @Test
    void spinsForAWhile() {
        int[] pipe = openPipe(1);
        long start = System.nanoTime();
        assertEquals(Posix.WOULD_BLOCK, posix.read(pipe[0], new byte[1], 0, 1, 2_000_000));
        assertTrue(System.nanoTime() - start >= 2_000_000);
        int[] pair = openSocketPair();
        start = System.nanoTime();
        assertEquals(Posix.WOULD_BLOCK, posix.receiveDescriptors(pair[0], new byte[1], 0, 1, new int[2], 2_000_000));
        assertTrue(System.nanoTime() - start >= 2_000_000);
    }

    @Test
    void flagsAndDuplicates() {
        int[] pipe = openPipe(0);
        assertDone(posix.setNonBlocking(pipe[0], true));
        assertEquals(Posix.WOULD_BLOCK, posix.read(pipe[0], new byte[1], 0, 1, 0));
        int copy = opened(posix.duplicate(pipe[1]));
        assertTrue(copy >= 3);
        closeNow(pipe[1]);
        write(copy, "x");
        assertEquals("x", read(pipe[0]));
        assertError("EBADF", posix.duplicate(-1));
        assertError("EBADF", posix.setNonBlocking(-1, true));
        int capacity = posix.pipeCapacity(copy, 128 * 1024);
        assertTrue(capacity >= 128 * 1024 || capacity < 0, () -> error(capacity));
    }

    @Test
    void opensFiles(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("file");
        byte[] path = terminated(file.toString());
        assertError("ENOENT", posix.openFile(path, 0));
        write(opened(posix.openFile(path, 1)), "first");
        write(opened(posix.openFile(path, 1)), "one");
        write(opened(posix.openFile(path, 2)), "two");
        assertEquals("onetwo", Files.readString(file));
        assertEquals("onetwo", read(opened(posix.openFile(path, 0))));
    }

    @Test
    void locksFilesThatProcessesShare(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("file");
        byte[] path = terminated(file.toString());
        assertError("ENOENT", posix.openFile(path, Posix.OPEN_SHARED));
        int first = opened(posix.openFile(path, Posix.CREATE_EXCLUSIVE));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertError("EEXIST", posix.openFile(path, Posix.CREATE_EXCLUSIVE));
        int second = opened(posix.openFile(path, Posix.OPEN_SHARED));
        assertEquals(((Number) Files.getAttribute(file, "unix:ino")).longValue(), posix.fileId(second));
        assertError("EBADF", (int) posix.fileId(-1));
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertError("ELOOP", posix.openFile(terminated(link.toString()), Posix.OPEN_SHARED));
        assertEquals(0, posix.lockFile(first, false, true));
        assertEquals(0, posix.lockFile(second, false, false));
        assertEquals(Posix.WOULD_BLOCK, posix.lockFile(second, true, false));
        closeNow(first);
        assertEquals(0, posix.lockFile(second, true, false));
    }

    @Test
    void linksSayWhatTheyWereGiven(@TempDir Path folder) throws IOException {
        Path link = folder.resolve("link");
        byte[] path = terminated(link.toString());
        assertDone(posix.symbolicLink(terminated("a few words"), path));
        assertEquals("a few words", Files.readSymbolicLink(link).toString());
        assertError("EEXIST", posix.symbolicLink(terminated("others"), path));
        assertDone(posix.removeFile(path));
        assertError("ENOENT", posix.removeFile(path));
        assertError("ENOENT", posix.symbolicLink(terminated("text"), terminated(folder + "/none/link")));
    }

    @Test
    void anonymousFileIsAFile() {
        int fd = opened(posix.anonymousFile());
        write(fd, "12345");
        assertEquals(5, posix.fileSize(fd));
        assertDone(posix.resize(fd, 10_000, true));
        assertEquals(10_000, posix.fileSize(fd));
        write(fd, "6");
        assertDone(posix.resize(fd, 3, false));
        assertEquals(3, posix.fileSize(fd));
        assertError("EBADF", posix.fileSize(-1));
    }

    // ---- waiting ----

    @Test
    void awaitsEventsTimeAndWake() throws Exception {
        int[] pipe = openPipe(3);
        int[] wake = wake();
        long start = System.nanoTime();
        assertEquals(0, posix.await(pipe[0], Posix.READABLE, wake[0], 5_000_000));
        assertTrue(System.nanoTime() - start >= 5_000_000);
        assertEquals(0, posix.await(pipe[0], Posix.READABLE, -1, 0));
        assertEquals(Posix.WRITABLE, posix.await(pipe[1], Posix.WRITABLE, wake[0], FOR_EVER));

        FutureTask<Integer> waiter = inThread(() -> posix.await(pipe[0], Posix.READABLE, wake[0], FOR_EVER));
        assertDone(posix.wakeSignal(wake[1]));
        assertEquals(Posix.WOKEN, waiter.get());
        assertDone(posix.wakeSignal(wake[1]));
        write(pipe[1], "x");
        assertEquals(Posix.WOKEN | Posix.READABLE, posix.await(pipe[0], Posix.READABLE, wake[0], FOR_EVER));
        assertDone(posix.wakeClear(wake[0]));
        assertDone(posix.wakeClear(wake[0]));
        assertEquals(Posix.READABLE, posix.await(pipe[0], Posix.READABLE, wake[0], FOR_EVER));
        closeNow(pipe[0]);
        assertEquals(Posix.WRITABLE, posix.await(pipe[1], Posix.WRITABLE, -1, FOR_EVER));
        assertError("EBADF", posix.await(10_000, Posix.READABLE, -1, SECOND));
    }

    private int[] wake() {
        int[] wake = new int[2];
        assertDone(posix.wakeCreate(wake));
        opened(wake[0]);
        if (wake[1] != wake[0]) {
            opened(wake[1]);
        }
        return wake;
    }

    @Test
    void pollsMany() {
        int[] one = openPipe(3);
        int[] other = openPipe(3);
        int[] fds = new int[100];
        int[] events = new int[100];
        Arrays.fill(fds, -1);
        fds[1] = one[0];
        events[1] = Posix.READABLE;
        fds[99] = other[0];
        events[99] = Posix.READABLE | Posix.WRITABLE;
        assertEquals(0, posix.poll(fds, events, 100, 1_000_000));
        assertEquals(0, events[1] | events[99]);
        closeNow(one[1]);
        write(other[1], "x");
        events[1] = Posix.READABLE;
        events[99] = Posix.READABLE;
        assertEquals(2, posix.poll(fds, events, 100, FOR_EVER));
        assertEquals(Posix.READABLE, events[1]);
        assertEquals(Posix.READABLE, events[99]);
        assertEquals(0, posix.poll(new int[0], new int[0], 0, 0));
    }

    @Test
    void watchReportsOnce() throws Exception {
        int watch = posix.watchCreate();
        assertTrue(watch >= 0, () -> error(watch));
        if (System.getProperty("os.name").equals("Linux") || posix instanceof NativePosix) {
            opened(watch);
        }
        int[] pipe = openPipe(3);
        int[] fds = new int[4];
        int[] events = new int[4];
        assertDone(posix.watchAdd(watch, pipe[0], Posix.READABLE));
        assertEquals(0, posix.watchWait(watch, fds, events, 1_000_000));
        write(pipe[1], "x");
        assertEquals(1, posix.watchWait(watch, fds, events, FOR_EVER));
        assertEquals(pipe[0], fds[0]);
        assertEquals(Posix.READABLE, events[0]);
        assertEquals(0, posix.watchWait(watch, fds, events, 0));
        assertDone(posix.watchAdd(watch, pipe[0], Posix.READABLE));
        assertEquals(1, posix.watchWait(watch, fds, events, FOR_EVER));
        assertDone(posix.watchAdd(watch, pipe[0], Posix.READABLE));
        assertDone(posix.watchRemove(watch, pipe[0]));
        assertDone(posix.watchRemove(watch, pipe[0]));
        assertEquals(0, posix.watchWait(watch, fds, events, 0));

        FutureTask<Integer> waiter = inThread(() -> posix.watchWait(watch, fds, events, FOR_EVER));
        assertDone(posix.watchAdd(watch, pipe[1], Posix.WRITABLE));
        assertEquals(1, waiter.get());
        assertEquals(pipe[1], fds[0]);
        assertEquals(Posix.WRITABLE, events[0]);
    }

    // ---- sockets ----

    @Test
    void descriptorsTravel() {
        int[] pair = openSocketPair();
        int[] pipe = openPipe(1);
        int[] received = new int[3];
        byte[] buffer = new byte[8];
        assertEquals(Posix.WOULD_BLOCK, posix.receiveDescriptors(pair[1], buffer, 0, 8, received, 0));
        assertEquals(2, posix.sendDescriptors(pair[0], bytes("-ab-"), 1, 2, new int[] {pipe[1], pipe[1], pipe[1], pipe[1]}, 4));
        closeNow(pipe[1]);
        assertEquals(2, posix.receiveDescriptors(pair[1], buffer, 3, 5, received, 0));
        assertArrayEquals(new byte[] {0, 0, 0, 'a', 'b', 0, 0, 0}, buffer);
        assertEquals(2, received[0]);
        write(opened(received[1]), "1");
        write(opened(received[2]), "2");
        assertEquals("12", read(pipe[0]));
        closeNow(received[1]);
        closeNow(received[2]);
        assertEquals("", read(pipe[0]), "descriptors without room are closed");

        assertEquals(1, posix.sendDescriptors(pair[0], bytes("x"), 0, 1, new int[0], 0));
        assertEquals(1, posix.receiveDescriptors(pair[1], buffer, 0, 8, received, 0));
        assertEquals(0, received[0]);
        assertError("EBADF", posix.sendDescriptors(pair[0], bytes("x"), 0, 1, new int[] {10_000}, 1));
        closeNow(pair[0]);
        assertEquals(0, posix.receiveDescriptors(pair[1], buffer, 0, 8, received, 0));
        assertError("EPIPE", posix.sendDescriptors(pair[1], bytes("x"), 0, 1, new int[0], 0));
    }

    @Test
    void unixSocketsConnect(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("s");
        byte[] path = terminated(file.toString());
        assertError("ENOENT", posix.unixConnect(path));
        int listener = opened(posix.unixListen(path, 1));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertError("EADDRINUSE", posix.unixListen(path, 1));
        assertEquals(Posix.WOULD_BLOCK, posix.accept(listener));
        int client = opened(posix.unixConnect(path));
        int server = opened(posix.accept(listener));
        write(client, "hello");
        assertEquals("hello", read(server));
        assertEquals(posix.uid(), posix.peerUid(client));
        assertEquals(posix.uid(), posix.peerUid(server));
        assertEquals(0, posix.socketAddress(server, true, new byte[16], new int[2]));
        int result = opened(posix.unixConnect(path));
        for (int i = 0; i < 10 && result >= 0; i++) {
            result = posix.unixConnect(path);
            if (result >= 0) {
                opened(result);
            }
        }
        assumeTrue(System.getProperty("os.name").equals("Linux"), "elsewhere a full backlog refuses");
        assertEquals(Posix.WOULD_BLOCK, result);
    }

    @Test
    void tcpSocketsConnect() throws IOException {
        connectTcp(InetAddress.getByName("127.0.0.1"));
        if (Files.exists(Path.of("/proc/net/if_inet6")) && !Files.readString(Path.of("/proc/net/if_inet6")).isEmpty()) {
            connectTcp(InetAddress.getByName("::1"));
        }
        assertTrue(posix.tcpListen(new byte[5], 0, 0, 1) < 0);
    }

    private void connectTcp(InetAddress address) {
        byte[] raw = address.getAddress();
        byte[] seen = new byte[16];
        int[] port = new int[2];
        int listener = opened(posix.tcpListen(raw, 0, 0, 5));
        assertEquals(raw.length, posix.socketAddress(listener, false, seen, port));
        assertArrayEquals(raw, Arrays.copyOf(seen, raw.length));
        int listens = port[0];
        assertTrue(listens > 0);
        int client = opened(posix.tcpConnect(raw, 0, listens));
        assertEquals(Posix.WRITABLE, posix.await(client, Posix.WRITABLE, -1, SECOND));
        assertDone(posix.socketError(client));
        assertEquals(Posix.READABLE, posix.await(listener, Posix.READABLE, -1, SECOND));
        int server = opened(posix.accept(listener));
        assertEquals(raw.length, posix.socketAddress(client, true, seen, port));
        assertEquals(listens, port[0]);
        write(server, "hi");
        assertEquals(Posix.READABLE, posix.await(client, Posix.READABLE, -1, SECOND));
        assertEquals("hi", read(client));
        closeNow(listener);
        int refused = posix.tcpConnect(raw, 0, listens);
        if (refused >= 0) {
            opened(refused);
            assertEquals(Posix.WRITABLE, posix.await(refused, Posix.WRITABLE, -1, SECOND));
        }
        assertError("ECONNREFUSED", refused >= 0 ? posix.socketError(refused) : refused);
    }

    @Test
    void channelsHaveDescriptors() throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            int fd = posix.descriptorOf(channel);
            if ((posix.capabilities() & Posix.CAN_CHANNEL_DESCRIPTOR) == 0) {
                assertError("ENOTSUP", fd);
            } else if (fd < 0) {
                // Without --add-opens for sun.nio.ch that is the answer, too.
                assertError("ENOTSUP", fd);
            } else {
                assertDone(posix.socketError(fd));
            }
        }
    }

    // ---- shared memory ----

    @Test
    void sharedMemoryIsShared() {
        byte[] name = terminated("/jmp-" + UUID.randomUUID().toString().substring(0, 13));
        assertError("ENOENT", posix.sharedOpen(name));
        int fd = opened(posix.sharedCreate(name));
        try {
            assertError("EEXIST", posix.sharedCreate(name));
            assertEquals(0, posix.fileSize(fd));
            assertDone(posix.resize(fd, SIZE, true));
            assertEquals(SIZE, posix.fileSize(fd));
            assertError("ENOSPC", posix.resize(fd, 1L << 42, true));
            assertEquals(SIZE, posix.fileSize(fd));
            shareBytes(fd, opened(posix.sharedOpen(name)));
        } finally {
            assertDone(posix.sharedUnlink(name));
        }
        assertError("ENOENT", posix.sharedUnlink(name));
    }

    private void shareBytes(int fd, int again) {
        long address = posix.map(fd, 0, SIZE, true);
        assertTrue(address > 0, () -> error(address));
        int page = posix.pageSize();
        long other = posix.map(again, page, SIZE - page, false);
        assertTrue(other > 0, () -> error(other));
        ByteBuffer buffer = posix.buffer(address, SIZE);
        assertTrue(buffer.isDirect());
        assertEquals(ByteOrder.BIG_ENDIAN, buffer.order());
        assertEquals(SIZE, buffer.capacity());
        buffer.putInt(page + 8, 0x12345678);
        assertEquals(0x12345678, posix.buffer(other, 16).getInt(8));

        int[] pipe = openPipe(3);
        assertEquals(4, posix.writeFrom(pipe[1], other + 8, 4));
        assertEquals(4, posix.readTo(pipe[0], address, 100));
        assertEquals(Posix.WOULD_BLOCK, posix.readTo(pipe[0], address, 100));
        assertEquals(0x12345678, buffer.getInt(0));
        assertDone(posix.unmap(other, SIZE - page));
        assertDone(posix.unmap(address, SIZE));
        assertError("EINVAL", posix.map(fd, 0, 0, true));
    }

    @Test
    void wordsAreWaitedFor() throws Exception {
        int fd = opened(posix.anonymousFile());
        assertDone(posix.resize(fd, 4096, true));
        long address = posix.map(fd, 0, 4096, true);
        ByteBuffer word = posix.buffer(address, 4).order(ByteOrder.nativeOrder());
        assertDone(posix.waitWord(address, 1, FOR_EVER));
        long start = System.nanoTime();
        assertEquals(1, posix.waitWord(address, 0, 3_000_000));
        assertTrue(System.nanoTime() - start >= 3_000_000);
        assertEquals(1, posix.waitWord(address, 0, 0));
        FutureTask<Integer> one = inThread(() -> waitWhileZero(word, address));
        FutureTask<Integer> other = inThread(() -> waitWhileZero(word, address));
        word.putInt(0, 7);
        assertTrue(posix.wakeWord(address, Integer.MAX_VALUE) >= 0);
        assertEquals(7, one.get());
        assertEquals(7, other.get());
        assertDone(posix.unmap(address, 4096));
    }

    private int waitWhileZero(ByteBuffer word, long address) {
        while (word.getInt(0) == 0) {
            assertTrue(posix.waitWord(address, 0, SECOND) >= 0);
        }
        return word.getInt(0);
    }
}
