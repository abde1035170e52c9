package org.jmultiprocessing.internal.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jmultiprocessing.internal.os.ControlSocket;
import org.jmultiprocessing.internal.os.LiveFork;
import org.jmultiprocessing.internal.os.SpawnRequest;
import org.jmultiprocessing.internal.wire.DescriptorCarrier;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/**
 * What a process asks of its fork server, beside the child's descriptors. What is null is as in the server, which is as in the process that has
 * started it.
 *
 * @param kind what is to be done
 * @param environment the child's environment as a block
 * @param environmentCount how many variables it has
 * @param directory the child's directory
 * @param limits the child's limits, encoded
 * @param roots names of classes that children refer to and that were not named before
 * @param threadLimits whether some of the limits belong to each thread; not told to the server
 */
record ForkRequest(Kind kind, byte[] environment, int environmentCount, String directory, int[] limits, String[] roots,
        boolean threadLimits) {
    private static final String[] NONE = {};

    /** What a server can do. A class and not an enumeration, whose switches take children time to load. */
    static final class Kind {
        /** Fork a child. */
        static final Kind CHILD = new Kind(0);
        /** Run the child's task itself, so that all that it needs is loaded. */
        static final Kind PRACTICE = new Kind(1);
        /** Fork a child ahead, which waits at a socket of its own for the request that is to be its. */
        static final Kind SPARE = new Kind(2);

        private final int code;

        private Kind(int code) {
            this.code = code;
        }

        private static Kind of(int code) {
            return code == SPARE.code ? SPARE : code == PRACTICE.code ? PRACTICE : CHILD;
        }
    }

    /** The task that a server practises. */
    static final ForkRequest PRACTICE = new ForkRequest(Kind.PRACTICE, null, 0, null, null, NONE, false);
    /** An ordinary child. */
    static final ForkRequest PLAIN = new ForkRequest(Kind.CHILD, null, 0, null, null, NONE, false);

    /** A JVM sizes itself by these when it starts, so a child that is to have one cannot be forked. */
    private static final List<String> TOO_LATE = List.of("as", "data", "stack", "memlock");

    /**
     * @param request a child
     * @param environment of the server
     * @return how to ask for it; null if it has to be spawned
     */
    static ForkRequest of(LaunchRequest request, Map<String, String> environment) {
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
        return new ForkRequest(Kind.CHILD, variables == null ? null : LiveFork.block(variables), variables == null ? 0 : variables.size(),
                request.directory(), limits, NONE, request.limits().niceness() != 0 || request.limits().cpus().length > 0);
    }

    /** A spare child; the server loads the classes first. */
    static ForkRequest spare(String[] roots) {
        return new ForkRequest(Kind.SPARE, null, 0, null, null, roots, false);
    }

    /** @return whether a child can take all of it that exists already: niceness and affinity belong to each of its threads */
    boolean suitsSpare() {
        return !threadLimits;
    }

    /**
     * @param named classes that the server knows already; those of this child are added
     * @return names of classes that the class path has and children were told to use; others are shipped
     */
    static String[] newRoots(LaunchRequest request, Set<String> named) {
        ForkServer.refer(request.start().roots());
        List<String> fresh = null;
        for (Class<?> root : ForkServer.referred()) {
            if (named.add(root.getName())) {
                fresh = fresh == null ? new ArrayList<>() : fresh;
                fresh.add(root.getName());
            }
        }
        return fresh == null ? NONE : fresh.toArray(NONE);
    }

    /** In a server or its child. */
    static ForkRequest of(ControlSocket.Message message) {
        return read(new WireInput(message.bytes(), 0, message.bytes().length, null));
    }

    /** @return what a child gets that asked for this, with these descriptors */
    LiveFork.Given given(int[] descriptors) {
        int[] stdio = {descriptors[0], descriptors[1], descriptors[2]};
        return new LiveFork.Given(stdio, environment, environmentCount, directory == null ? null : LiveFork.path(directory), limits);
    }

    /** @return the bytes to send */
    WireOutput message() {
        WireOutput out = new WireOutput(DescriptorCarrier.bytesOnly("a control socket"));
        write(out);
        return out;
    }

    private void write(WireOutput out) {
        out.writeByte(kind.code);
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

    private static ForkRequest read(WireInput in) {
        Kind kind = Kind.of(in.readByte());
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
        return new ForkRequest(kind, environment, count, directory, limits, roots, false);
    }
}
