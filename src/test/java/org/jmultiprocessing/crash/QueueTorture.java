package org.jmultiprocessing.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.errors.QueueShutDownException;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.queue.Queue;

/**
 * Processes that put and get while one of them is killed every 10 to 50 ms and another takes its place. A main process of its own, so that its tree
 * ends with it: {@code QueueTorture <seconds> <putters> <getters> <most messages>}. Ends with 0 if no message came twice, out of its putter's order,
 * or damaged, no more are missing than getters were killed, and nobody hung.
 */
public final class QueueTorture {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Queue<byte[]> queue;
    private final Map<Integer, BitSet> got = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final List<Thread> readers = new ArrayList<>();
    private final AtomicInteger received = new AtomicInteger();
    private int putters;

    private QueueTorture(int mostMessages) {
        queue = new Queue<>(mostMessages);
    }

    public static void main(String[] args) throws Exception {
        long seed = System.nanoTime();
        String result = new QueueTorture(Integer.parseInt(args[3])).run(Duration.ofSeconds(Integer.parseInt(args[0])), Integer.parseInt(args[1]),
                Integer.parseInt(args[2]), new Random(seed));
        System.out.println(result);
        if (result.startsWith("wrong")) {
            System.out.println("seed " + seed);
            System.exit(1);
        }
    }

    /** Mostly small, some that fill rings, a few in files of their own. */
    private static byte[] message(int putter, int number) {
        int length = number % 500 == 499 ? 2 << 20 : number % 50 == 49 ? 30_000 : 20 + number % 60;
        byte[] message = new byte[length];
        for (int i = 0; i < 4; i++) {
            message[i] = (byte) (putter >> 8 * i);
            message[4 + i] = (byte) (number >> 8 * i);
        }
        message[length - 1] = (byte) (putter ^ number);
        return message;
    }

    private static int readInt(byte[] message, int at) {
        return message[at] & 0xFF | (message[at + 1] & 0xFF) << 8 | (message[at + 2] & 0xFF) << 16 | message[at + 3] << 24;
    }

    private static void putForEver(Queue<byte[]> queue, int putter) throws InterruptedException {
        for (int number = 0;; number++) {
            queue.put(message(putter, number));
        }
    }

    private static void getUntilShutDown(Queue<byte[]> queue, Connection report) throws InterruptedException {
        byte[] line = new byte[9];
        try {
            while (true) {
                byte[] message = queue.get();
                System.arraycopy(message, 0, line, 0, 8);
                int putter = readInt(message, 0);
                int number = readInt(message, 4);
                boolean intact = message.length == message(putter, number).length && message[message.length - 1] == (byte) (putter ^ number);
                line[8] = (byte) (intact ? 1 : 0);
                report.sendBytes(line);
            }
        } catch (QueueShutDownException end) {
            report.close();
        }
    }

    private Process startPutter() throws InterruptedException {
        Process putter = new Process(QueueTorture::putForEver, queue, putters++);
        putter.start();
        return putter;
    }

    private Process startGetter() throws InterruptedException {
        Pipe pipe = Pipe.oneWay();
        Process getter = new Process(QueueTorture::getUntilShutDown, queue, pipe.writer());
        getter.start();
        pipe.writer().close();
        Thread reader = new Thread(() -> read(pipe.reader()), "reader");
        reader.start();
        readers.add(reader);
        return getter;
    }

    private void read(Connection reports) {
        Map<Integer, Integer> last = new ConcurrentHashMap<>();
        try (reports) {
            while (true) {
                byte[] line = reports.recvBytes();
                int putter = readInt(line, 0);
                int number = readInt(line, 4);
                received.incrementAndGet();
                if (line[8] != 1) {
                    wrong.add("damaged: " + putter + "/" + number);
                }
                Integer before = last.put(putter, number);
                if (before != null && before >= number) {
                    wrong.add("out of order: " + putter + "/" + number + " after " + before);
                }
                BitSet numbers = got.computeIfAbsent(putter, key -> new BitSet());
                synchronized (numbers) {
                    if (numbers.get(number)) {
                        wrong.add("twice: " + putter + "/" + number);
                    }
                    numbers.set(number);
                }
            }
        } catch (EndOfStreamException end) {
            return;
        } catch (Exception e) {
            if (!String.valueOf(e.getMessage()).contains("got end of file during message")) {
                wrong.add(e.toString());
            }
        }
    }

    private String run(Duration time, int putterCount, int getterCount, Random random) throws InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < putterCount + getterCount; i++) {
            processes.add(i < putterCount ? startPutter() : startGetter());
        }
        int killedPutters = 0;
        int killedGetters = 0;
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(10_000_000 + random.nextInt(40_000_000));
            int index = random.nextInt(processes.size());
            kill(processes.get(index));
            if (index < putterCount) {
                killedPutters++;
                processes.set(index, startPutter());
            } else {
                killedGetters++;
                processes.set(index, startGetter());
            }
        }
        for (int i = 0; i < putterCount; i++) {
            kill(processes.get(i));
        }
        long patience = System.nanoTime() + PATIENCE.toNanos();
        while (!queue.empty() && System.nanoTime() < patience) {
            LockSupport.parkNanos(1_000_000);
        }
        if (!queue.empty()) {
            wrong.add("hung: " + queue.qsize() + " messages are left and nobody gets them");
        }
        queue.shutdown();
        for (Process getter : processes.subList(putterCount, processes.size())) {
            if (!getter.join(PATIENCE)) {
                wrong.add("hung: a getter after the shutdown");
                getter.kill();
            }
            getter.close();
        }
        for (Thread reader : readers) {
            reader.join();
        }
        int missing = 0;
        for (BitSet numbers : got.values()) {
            missing += numbers.length() - numbers.cardinality();
        }
        if (missing > killedGetters) {
            wrong.add(missing + " messages are missing");
        }
        String facts = received + " messages, " + killedPutters + " putters and " + killedGetters + " getters killed, " + missing + " messages"
                + " missing";
        return wrong.isEmpty() ? facts : "wrong: " + wrong + "; " + facts;
    }

    private static void kill(Process process) throws InterruptedException {
        process.kill();
        process.join();
        process.close();
    }
}
