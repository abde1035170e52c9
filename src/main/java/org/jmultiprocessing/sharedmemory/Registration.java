package org.jmultiprocessing.sharedmemory;

import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.registry.Names;

/**
 * What makes sure that a name goes when its process tree has ended, if nobody has unlinked it. It comes before the name: whoever is killed between
 * the two leaves a registration of nothing.
 */
final class Registration {
    private final String name;
    private final boolean random;

    private Registration(String name, boolean random) {
        this.name = name;
        this.random = random;
    }

    /** Of a random name; null if this tree has that one already. */
    static Registration ofRandom(String name) {
        return Names.registerRandom(name) ? new Registration(name, true) : null;
    }

    static Registration ofChosen(String name) {
        Names.registerChosen(name);
        return new Registration(name, false);
    }

    /** The object is there, and this process's. A random name needs no more proof. */
    void confirm(Fd object) {
        if (!random) {
            Names.confirm(name, object);
        }
    }

    /** The name could not be created: there is one, mostly, and it may be one of this tree. */
    void withdraw() {
        if (random) {
            Names.unregister(name);
        } else {
            Names.withdraw(name);
        }
    }

    /** The name is gone. */
    static void end(String name) {
        Names.unregister(name);
    }
}
