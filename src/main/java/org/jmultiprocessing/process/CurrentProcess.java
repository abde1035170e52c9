package org.jmultiprocessing.process;

import java.util.Objects;

/** The process that runs this code, as it sees itself ({@code multiprocessing.current_process}). Safe for any number of threads. */
public final class CurrentProcess {
    private static final CurrentProcess INSTANCE = new CurrentProcess();

    private CurrentProcess() { }

    /** @return the one object */
    public static CurrentProcess get() {
        return INSTANCE;
    }

    /** @return {@code MainProcess}, or the name that the parent gave */
    public String name() {
        return ThisProcess.name();
    }

    /** @param name a new name; it need not be unique, and the parent does not learn of it */
    public void setName(String name) {
        ThisProcess.setName(Objects.requireNonNull(name, "name"));
    }

    /** @return the process id */
    public long pid() {
        return ThisProcess.pid();
    }

    /** @return how this process descends from the main process: empty for that, {@code {1, 2}} for the second child of its first child */
    public int[] identity() {
        return ThisProcess.identity();
    }

    /** @return whether the parent terminates this process when it exits */
    public boolean daemon() {
        return ThisProcess.daemon();
    }

    /** @return the secret of this process and its children ({@code authkey}) */
    public AuthKey authKey() {
        return ThisProcess.authKey();
    }

    /** @param key the secret of this process and of the children started from now on */
    public void setAuthKey(AuthKey key) {
        ThisProcess.setAuthKey(Objects.requireNonNull(key, "key"));
    }

    /** @return true */
    public boolean isAlive() {
        return true;
    }

    /** @return as Python shows it */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(ThisProcess.parentPid() == 0 ? "<MainProcess" : "<Process");
        text.append(" name='").append(name()).append('\'');
        text.append(" parent=").append(ThisProcess.parentPid() == 0 ? "None" : Integer.toString(ThisProcess.parentPid())).append(" started");
        return text.append(daemon() ? " daemon>" : ">").toString();
    }
}
