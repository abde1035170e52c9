package org.jmultiprocessing.cli.demo;

import java.util.concurrent.TimeUnit;
import org.jmultiprocessing.process.Process;

/** Process: pid is unknown before start, then start and join. */
final class ProcessDemo {
    private ProcessDemo() {
    }

    static int getHtml(int n) throws InterruptedException {
        TimeUnit.SECONDS.sleep(n);
        System.out.println("sub_progress success");
        return n;
    }

    static void main() throws InterruptedException {
        Process process = new Process(ProcessDemo::getHtml, 2);
        System.out.println(process.pid());
        process.start();
        System.out.println(process.pid());
        process.join();
        System.out.println("main progress end");
        Outcome.require(process);
    }
}
