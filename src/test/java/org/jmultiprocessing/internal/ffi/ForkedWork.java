package org.jmultiprocessing.internal.ffi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A program that forks itself: each child allocates, collects, throws, locks, starts and joins threads, compiles, and ends with a code that tells
 * that all was right. Its arguments: how many forks, and {@code nested} if each child is to fork once more.
 */
final class ForkedWork {
    static final int RIGHT = 7;
    private static final int OBJECTS = 60_000;
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private static volatile Object kept;

    private ForkedWork() { }

    public static void main(String[] arguments) throws Exception {
        int forks = Integer.parseInt(arguments[0]);
        boolean nested = arguments.length > 1 && arguments[1].equals("nested");
        ForkPosix posix = (ForkPosix) Binding.posix();
        if (posix.forkCheck() < 0 || posix.isHeapShared() != 0) {
            System.out.println("cannot fork: " + posix.forkCheck() + ", shared heap " + posix.isHeapShared());
            end(2);
        }
        work(1);
        int wrong = 0;
        int[] pauses = new int[forks];
        long begin = System.nanoTime();
        for (int i = 0; i < forks; i++) {
            int[] result = new int[5];
            int pid = posix.fork(0, null, null, 0, null, null, 2, result);
            if (pid == 0) {
                end(child(i, nested));
            }
            pauses[i] = result[4];
            int code = await(pid, result[1]);
            if (code != RIGHT) {
                wrong++;
                System.out.println("child " + i + " ended with " + code + " step " + result[2]);
            }
        }
        if (work(2) != RIGHT) {
            System.out.println("the parent is not right");
            wrong++;
        }
        Arrays.sort(pauses);
        System.out.println(forks + " forks, wrong " + wrong + ", a child each " + (System.nanoTime() - begin) / forks / 1000 + " us, parent stood "
                + pauses[forks / 2] + " us, at most " + pauses[forks - 1]);
        end(wrong == 0 ? 0 : 1);
    }

    private static int child(int seed, boolean nested) {
        try {
            int code = work(seed);
            if (nested && code == RIGHT) {
                int[] result = new int[5];
                int pid = ((ForkPosix) Binding.posix()).fork(0, null, null, 0, null, null, 2, result);
                return pid == 0 ? work(seed) : await(pid, result[1]);
            }
            return code;
        } catch (Throwable failure) {
            failure.printStackTrace();
            return 9;
        }
    }

    /** The exit code of a child; a negative number for one that was ended by a signal, and one that hangs is. */
    static int await(int pid, int pidfd) {
        if (pid < 0) {
            return pid;
        }
        Posix posix = Binding.posix();
        if (posix.await(pidfd, Posix.READABLE, -1, PATIENCE_NANOS) == 0) {
            System.out.println("child " + pid + " hangs");
            posix.kill(pid, -1, "KILL");
        }
        int[] status = new int[3];
        posix.reap(pid, true, status);
        posix.close(pidfd);
        return status[0] == 0 ? status[1] : -status[1];
    }

    private static void end(int code) {
        System.out.flush();
        Binding.posix().exitNow(code);
    }

    static int work(int seed) throws Exception {
        Random random = new Random(seed);
        Map<Integer, byte[]> map = new HashMap<>();
        long sum = 0;
        for (int i = 0; i < OBJECTS; i++) {
            byte[] bytes = new byte[random.nextInt(400)];
            map.put(i % 5000, bytes);
            sum += bytes.length;
        }
        for (int i = 0; i < 500; i++) {
            try {
                Integer.parseInt("x" + i);
            } catch (NumberFormatException e) {
                sum += e.getMessage().length();
            }
            try {
                Object nothing = map.get(-1 - i);
                sum += nothing.hashCode();
            } catch (NullPointerException expected) {
                sum++;
            }
        }
        ExecutorService executor = Executors.newFixedThreadPool(4);
        List<Future<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int number = i;
            futures.add(executor.submit(() -> text(number).hashCode()));
        }
        for (Future<Integer> future : futures) {
            sum += future.get(10, TimeUnit.SECONDS);
        }
        executor.shutdown();
        if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
            return 3;
        }
        System.gc();
        kept = map;
        return sum != 0 ? RIGHT : 8;
    }

    private static String text(int number) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            text.append(number * i);
        }
        return text.toString();
    }
}
