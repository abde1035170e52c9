package org.jmultiprocessing.internal.registry;

import java.util.HashMap;
import java.util.Map;
import org.jmultiprocessing.internal.os.AnonymousFile;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.SharedFile;

/** A tree whose files have no names and that no tracker watches, so that nothing of it can be left behind. For one thread, which never waits. */
final class PracticeTree extends Tree implements AutoCloseable {
    private final Map<String, Fd> files = new HashMap<>();
    private Members members;

    PracticeTree(String id) {
        super(id, true);
    }

    @Override
    public synchronized Members members() {
        if (members == null) {
            members = Members.join(this);
        }
        return members;
    }

    @Override
    public Fd createFile(String file, long bytes) {
        Fd made = AnonymousFile.empty(file);
        files.put(file, made);
        SharedFile.resize(made, bytes, true);
        return openFile(file);
    }

    @Override
    public Fd openFile(String file) {
        return AnonymousFile.another(files.get(file));
    }

    @Override
    Fd openIfThere(String file) {
        return files.containsKey(file) ? openFile(file) : null;
    }

    @Override
    public void remove(String file) {
        Fd removed = files.remove(file);
        if (removed != null) {
            removed.close();
        }
    }

    @Override
    public void close() {
        files.values().forEach(Fd::close);
        files.clear();
    }
}
