package org.jmultiprocessing.cli.demo;

import org.jmultiprocessing.process.Process;

/** Join does not tell how a child ended: whoever wants to know asks it. */
final class Outcome {
    private Outcome() {
    }

    static void require(Process... processes) {
        for (Process process : processes) {
            if (process.exitCode().orElse(-1) != 0) {
                throw new IllegalStateException(process + " did not succeed");
            }
        }
    }
}
