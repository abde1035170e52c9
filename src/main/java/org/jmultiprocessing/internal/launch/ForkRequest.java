package org.jmultiprocessing.internal.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmultiprocessing.internal.os.LiveFork;
import org.jmultiprocessing.internal.os.SpawnRequest;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/**
 * What a process asks of its fork server, beside the child's descriptors. What is null is as in the server, which is as in the process that has
 * started it.
 *
 * @param practice whether the server is to run the child's task itself, so that all that it needs is loaded, instead of forking
 * @param environment the child's environment as a block
 * @param environmentCount how many variables it has
 * @param directory the child's directory
 * @param limits the child's limits, encoded
 * @param roots names of classes that the child refers to and that were not named before
 */
record ForkRequest(boolean practice, byte[] environment, int environmentCount, String directory, int[] limits, String[] roots) {
    private static final String[] NONE = {};

    /** The task that a server practises. */
    static final ForkRequest PRACTICE = new ForkRequest(true, null, 0, null, null, NONE);
    /** An ordinary child. */
    static final ForkRequest PLAIN = new ForkRequest(false, null, 0, null, null, NONE);

    /** A JVM sizes itself by these when it starts, so a child that is to have one cannot be forked. */
    private static final List<String> TOO_LATE = List.of("as", "data", "stack", "memlock");

    /**
     * @param request a child
     * @param environment of the server
     * @param named classes that the server knows already; those of this child are added
     * @return how to ask for it; null if it has to be spawned
     */
    static ForkRequest of(LaunchRequest request, Map<String, String> environment, Set<String> named) {
        for (SpawnRequest.ResourceLimit limit : request.limits().resources()) {
            if (TOO_LATE.contains(limit.resource())) {
                return null;
            }
        }
        int[] limits = LiveFork.encode(request.limits());
        List<String> variables = null;
        if (!request.environment().equals(environment)) {
            variables = new ArrayList<>();
            for (Map.Entry<String, String> variable : request.environment().entrySet()) {
                variables.add(variable.getKey() + "=" + variable.getValue());
            }
        }
        return new ForkRequest(false, variables == null ? null : LiveFork.block(variables), variables == null ? 0 : variables.size(),
                request.directory(), limits, newRoots(request, named));
    }

    /** Those that the class path has; others are shipped. */
    private static String[] newRoots(LaunchRequest request, Set<String> named) {
        List<String> fresh = null;
        for (Class<?> root : request.start().roots()) {
            if (root.getClassLoader() == ClassLoader.getSystemClassLoader() && named.add(root.getName())) {
                fresh = fresh == null ? new ArrayList<>() : fresh;
                fresh.add(root.getName());
            }
        }
        return fresh == null ? NONE : fresh.toArray(NONE);
    }

    void write(WireOutput out) {
        out.writeByte(practice ? 1 : 0);
        out.writeByte(environment == null ? 0 : 1);
        if (environment != null) {
            out.writeBytes(environment);
            out.writeInt(environmentCount);
        }
        out.writeByte(directory == null ? 0 : 1);
        if (directory != null) {
            out.writeString(directory);
        }
        out.writeInt(limits == null ? 0 : limits.length);
        for (int i = 0; limits != null && i < limits.length; i++) {
            out.writeInt(limits[i]);
        }
        out.writeInt(roots.length);
        for (String root : roots) {
            out.writeString(root);
        }
    }

    static ForkRequest read(WireInput in) {
        boolean practice = in.readByte() == 1;
        byte[] environment = null;
        int count = 0;
        if (in.readByte() == 1) {
            environment = in.readBytes();
            count = in.readInt();
        }
        String directory = in.readByte() == 1 ? in.readString() : null;
        int length = in.readInt();
        int[] limits = length == 0 ? null : new int[length];
        for (int i = 0; i < length; i++) {
            limits[i] = in.readInt();
        }
        String[] roots = new String[in.readInt()];
        for (int i = 0; i < roots.length; i++) {
            roots[i] = in.readString();
        }
        return new ForkRequest(practice, environment, count, directory, limits, roots);
    }
}
