package org.jmultiprocessing.internal.os;

import org.jmultiprocessing.internal.ffi.Binding;

/** The ids of this process and its parent, as the kernel says. */
public final class ProcessIds {
    private ProcessIds() { }

    /** @return this process's id; asked each time, since a forked child has another */
    public static int self() {
        return Binding.posix().pid();
    }
}
