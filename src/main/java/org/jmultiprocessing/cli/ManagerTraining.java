package org.jmultiprocessing.cli;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.Lock;
import org.jmultiprocessing.manager.Manager;

/** Part of {@link ArchiveTraining}: a manager's server and a client of it, both in the child. */
final class ManagerTraining {
    /** What only a server meets that has a process of its own. */
    static final List<String> SERVERS_OWN = List.of("org.jmultiprocessing.manager.ServerMain", "org.jmultiprocessing.internal.os.Interrupts",
            "sun.misc.Signal", "sun.misc.SignalHandler", "sun.misc.Signal$SunMiscHandler", "sun.misc.Signal$InternalMiscHandler");

    private static final byte[] KEY = {1};

    private ManagerTraining() {
    }

    /** Where no socket can be made there are fewer classes: an archive without them is better than none. */
    static void run() throws InterruptedException {
        try {
            Path folder = Files.createTempDirectory("jmp-");
            try {
                callOver(UnixDomainSocketAddress.of(folder.resolve("manager")));
            } finally {
                Files.delete(folder);
            }
        } catch (IOException noRoom) {
            System.err.println(noRoom);
        }
    }

    private static void callOver(UnixDomainSocketAddress address) throws InterruptedException {
        try (Manager server = Manager.serve(address, KEY); Manager client = Manager.connect(server.address(), KEY)) {
            Map<String, Object> dict = client.dict();
            dict.put("key", 1);
            dict.put("list", client.list(List.of(1)));
            dict.get("list").toString();
            BlockingQueue<String> queue = client.queue();
            queue.put("message");
            queue.take();
            Lock lock = client.lock();
            lock.lock();
            lock.unlock();
            client.value(1).set(2);
            server.dict().toString();
        }
    }
}
