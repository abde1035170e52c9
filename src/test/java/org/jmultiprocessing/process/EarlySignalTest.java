package org.jmultiprocessing.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Signals to a child whose JVM is still starting: HotSpot turns them into exit codes before any code of ours runs. */
@Timeout(60)
class EarlySignalTest {
    private static final int CHILDREN = 31;
    private static final long LAST_MOMENT_MILLIS = 60;

    static void sleep() throws InterruptedException {
        Thread.currentThread().join();
    }

    static void exit(int code) {
        System.exit(code);
    }

    private static List<Integer> codesAfter(Consumer<Process> signal) throws InterruptedException {
        List<Integer> codes = new ArrayList<>();
        for (int i = 0; i < CHILDREN; i++) {
            Process process = Process.builder(EarlySignalTest::sleep).stderr(Redirect.DISCARD).start();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LAST_MOMENT_MILLIS * i / (CHILDREN - 1)));
            signal.accept(process);
            process.join();
            codes.add(process.exitCode().getAsInt());
        }
        return codes;
    }

    private static List<Integer> all(int code) {
        return Collections.nCopies(CHILDREN, code);
    }

    @Test
    void terminateIsSigtermAtAnyMoment() throws InterruptedException {
        assertEquals(all(-15), codesAfter(Process::terminate));
    }

    @Test
    void interruptIsSigintAtAnyMoment() throws InterruptedException, IOException {
        Path status = Path.of("/proc/self/status");
        assumeFalse(Files.exists(status) && Files.readString(status).matches("(?s).*\nSigIgn:\t[0-9a-f]*[2367abef]\n.*"), "SIGINT is ignored here");
        assertEquals(all(-2), codesAfter(Process::interrupt));
    }

    @Test
    void theSameCodesByExitAreNoSignals() throws InterruptedException {
        for (int code : new int[] {129, 130, 143}) {
            Process process = new Process(EarlySignalTest::exit, code);
            process.start();
            process.join();
            assertEquals(code, process.exitCode().getAsInt());
        }
    }
}
