package org.jmultiprocessing.internal.launch;

import java.lang.ProcessBuilder.Redirect;
import java.util.Map;
import java.util.function.Supplier;
import org.jmultiprocessing.internal.os.SpawnRequest;

/**
 * What a feature asks of {@link Launcher}.
 *
 * @param start what the child is to run
 * @param command how its JVM is executed
 * @param environment its whole environment
 * @param directory its working directory; null for this process's
 * @param stdin where its stdin comes from
 * @param stdout where its stdout goes
 * @param stderr where its stderr goes
 * @param limits what it is bounded by
 * @param daemon whether it is terminated when this process exits, instead of waited for
 * @param rehearsal gives the start data of a child that does next to nothing, for a fork server to practise with; null for a child that is to be
 *        spawned
 */
public record LaunchRequest(StartData start, JvmCommand command, Map<String, String> environment, String directory, Redirect stdin,
        Redirect stdout, Redirect stderr, SpawnRequest.Limits limits, boolean daemon, Supplier<StartData> rehearsal) { }
