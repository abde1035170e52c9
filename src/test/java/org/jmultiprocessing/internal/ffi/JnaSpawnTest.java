package org.jmultiprocessing.internal.ffi;

/** As {@link JnaPosixTest} on a C library whose posix_spawn can neither change the directory nor close all descriptors from a number on. */
class JnaSpawnTest extends PosixSpawnContractTest {
    private static final Posix POSIX = new JnaPosix();

    JnaSpawnTest() {
        super(POSIX);
    }

    @Override
    int spawn(byte[] path, byte[] arguments, int count, byte[] environment, int environmentCount, byte[] directory, int[] fds, int[] result) {
        boolean pidfd = (posix.capabilities() & Posix.CAN_PIDFD) != 0;
        try (JnaSpawn spawn = new JnaSpawn(null, null)) {
            return spawn.spawn(path, new JnaSpawn.Strings(arguments, count), new JnaSpawn.Strings(environment, environmentCount), directory, fds,
                    pidfd, result);
        }
    }
}
