package org.jmultiprocessing.pool;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How much memory this process has. */
final class ResidentMemory {
    private static final String STATUS = "/proc/self/status";

    private ResidentMemory() { }

    /** What is resident, by the kernel; where it does not say so, what the heap takes. */
    static long bytes() {
        try (FileInputStream in = new FileInputStream(STATUS)) {
            String status = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            int at = status.indexOf("VmRSS:") + "VmRSS:".length();
            int end = status.indexOf(" kB", at);
            return Long.parseLong(status.substring(at, end).strip()) << 10;
        } catch (IOException notLinux) {
            return Runtime.getRuntime().totalMemory();
        }
    }
}
