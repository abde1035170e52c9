package org.jmultiprocessing.internal.launch;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Map;
import org.jmultiprocessing.internal.os.ChildPid;
import org.jmultiprocessing.internal.os.ChildStdio;
import org.jmultiprocessing.internal.os.ControlSocket;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.internal.os.SpawnRequest;

/**
 * The process of a fork server.
 *
 * @param control this process's end of the control socket, which belongs to the caller
 * @param server the process
 * @param environment what it was started with
 */
record ZygoteProcess(ControlSocket control, ChildPid server, Map<String, String> environment) {
    /**
     * @param preload classes that it is to load first
     * @throws org.jmultiprocessing.errors.OsException if the system refuses, naming the step
     */
    static ZygoteProcess start(List<String> preload) {
        JvmCommand.Builder builder = JvmCommand.builder().forkServer();
        if (!preload.isEmpty()) {
            builder.jvmOptions(List.of("-D" + ZygoteMain.PRELOAD_PROPERTY + "=" + String.join(",", preload)));
        }
        JvmCommand command = builder.build();
        Map<String, String> environment = ChildEnvironment.with(Map.of());
        ControlSocket.Pair ends = ControlSocket.pair();
        // Its children get streams of their own. Only what it is to preload may have something to say.
        Redirect output = preload.isEmpty() ? Redirect.to(new File("/dev/null")) : Redirect.INHERIT;
        boolean started = false;
        try (ControlSocket theirs = ends.second();
                ChildStdio stdio = new ChildStdio(ChildStdio.nothing(), output, output);
                Fd optionFile = JvmOptionFile.of(command.argumentFile())) {
            int[] descriptors = new int[Launcher.JVM_OPTIONS + 1];
            for (int i = 0; i < descriptors.length; i++) {
                descriptors[i] = stdio.descriptor(i <= 2 ? i : 0);
            }
            descriptors[ZygoteMain.CONTROL] = theirs.fd().number();
            descriptors[Launcher.JVM_OPTIONS] = optionFile.number();
            ChildPid server = ChildPid.spawn(new SpawnRequest(command.program(), command.arguments(Launcher.JVM_OPTIONS), environment, null,
                    descriptors, SpawnRequest.NO_LIMITS));
            started = true;
            return new ZygoteProcess(ends.first(), server, environment);
        } finally {
            if (!started) {
                ends.first().close();
            }
        }
    }
}
