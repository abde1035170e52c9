package org.jmultiprocessing.internal.ffi;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One start of a program by posix_spawn. Nothing of it runs in the child but libc's own code. */
final class JnaSpawn implements AutoCloseable {
    /** As {@link SpawnOptions#stepName} counts them. */
    static final int PREPARE = 1;
    private static final int FORK = 2;
    private static final int STDIO = 3;
    private static final int DIRECTORY = 5;
    private static final int EXEC = 10;

    /** More than any C library's posix_spawn_file_actions_t, posix_spawnattr_t and sigset_t need. */
    private static final int ACTIONS_SIZE = 256;
    private static final int ATTRIBUTES_SIZE = 1024;
    private static final int SIGNALS_SIZE = 256;
    /** A parent that ignores these, by nohup or as a background job, has children that do. */
    private static final String[] STAYING_IGNORED = {"HUP", "INT", "QUIT"};

    /** Null where the C library has no such function. */
    private static final Function CHDIR = JnaLibc.optional("posix_spawn_file_actions_addchdir_np");
    private static final Function CLOSE_FROM = JnaLibc.optional("posix_spawn_file_actions_addclosefrom_np");

    private final Function chdir;
    private final Function closeFrom;
    private final Memory memory = new Memory(ACTIONS_SIZE + ATTRIBUTES_SIZE + SIGNALS_SIZE);
    private final long actions = Pointer.nativeValue(memory);
    private final long attributes = actions + ACTIONS_SIZE;
    private final long signals = attributes + ATTRIBUTES_SIZE;
    private final List<Integer> temporaries = new ArrayList<>();
    private int failedStep;

    JnaSpawn() {
        this(CHDIR, CLOSE_FROM);
    }

    /** For tests: as on a C library without one of these, or both. */
    JnaSpawn(Function chdir, Function closeFrom) {
        this.chdir = chdir;
        this.closeFrom = closeFrom;
        memory.clear();
        JnaLibc.posix_spawn_file_actions_init(actions);
        JnaLibc.posix_spawnattr_init(attributes);
    }

    @Override
    public void close() {
        JnaLibc.posix_spawn_file_actions_destroy(actions);
        JnaLibc.posix_spawnattr_destroy(attributes);
        temporaries.forEach(JnaLibc::close);
        memory.close();
    }

    /** As {@link Posix#spawn}, once for each instance; opens a pidfd if asked to. */
    int spawn(byte[] path, Strings arguments, Strings environment, byte[] directory, int[] fds, boolean pidfd, int[] result) {
        result[0] = -1;
        result[1] = -1;
        failedStep = PREPARE;
        int error = -JnaConstants.EINVAL;
        if (arguments.count > 0 && arguments.areComplete() && environment.areComplete() && fds.length >= 3) {
            failedStep = 0;
            error = prepare(directory, fds);
        }
        if (error >= 0) {
            boolean byShell = directory != null && chdir == null;
            error = byShell ? startByShell(directory, path, arguments, environment, result) : start(path, arguments, environment, result);
        }
        if (error >= 0 && pidfd) {
            error = openPidfd(result);
        }
        result[2] = failedStep;
        return error;
    }

    private int fail(int step, int error) {
        failedStep = step;
        return error;
    }

    private int prepare(byte[] directory, int[] fds) {
        // Asked beforehand: posix_spawn does not tell this error from one of exec.
        if (directory != null && JnaLibc.access(inside(directory), JnaConstants.X_OK) != 0) {
            return fail(DIRECTORY, JnaLibc.error());
        }
        int error = mapDescriptors(fds);
        if (error < 0) {
            return fail(STDIO, error);
        }
        if (closeFrom != null) {
            error = -closeFrom.invokeInt(new Object[] {memory, fds.length});
        } else if (JnaConstants.POSIX_SPAWN_CLOEXEC_DEFAULT == 0) {
            error = closeOthers(fds.length);
        }
        if (error >= 0 && directory != null && chdir != null) {
            error = -chdir.invokeInt(new Object[] {memory, directory});
        }
        if (error >= 0) {
            error = signals();
        }
        return error < 0 ? fail(PREPARE, error) : 0;
    }

    /** {@code directory/.} exists only if it is a directory. */
    private static byte[] inside(byte[] directory) {
        byte[] path = new byte[directory.length + 2];
        System.arraycopy(directory, 0, path, 0, directory.length - 1);
        path[directory.length - 1] = '/';
        path[directory.length] = '.';
        return path;
    }

    /** Sources among the child's own numbers are duplicated out of the way first, so that no dup2 overwrites one that is still needed. */
    private int mapDescriptors(int[] fds) {
        int error = 0;
        for (int target = 0; target < fds.length && error >= 0; target++) {
            int source = fds[target];
            if (source < fds.length) {
                source = JnaDescriptors.duplicate(source, fds.length);
                error = Math.min(0, source);
                if (error == 0) {
                    temporaries.add(source);
                }
            } else {
                error = Math.min(0, JnaLibc.checked(JnaLibc.VARIADIC.fcntl(source, JnaConstants.F_GETFD)));
            }
            if (error == 0) {
                error = -JnaLibc.posix_spawn_file_actions_adddup2(actions, source, target);
            }
        }
        return error;
    }

    /** C libraries without closefrom: one by one. Closing one that is gone meanwhile is no error. */
    private int closeOthers(int count) {
        String[] open = new File("/proc/self/fd").list();
        if (open == null) {
            return -JnaConstants.EIO;
        }
        int error = 0;
        for (String name : open) {
            int fd = Integer.parseInt(name);
            if (fd >= count && error >= 0) {
                error = -JnaLibc.posix_spawn_file_actions_addclose(actions, fd);
            }
        }
        return error;
    }

    private int signals() {
        JnaLibc.sigfillset(signals);
        for (String name : STAYING_IGNORED) {
            int number = JnaConstants.signalNumber(name);
            if (JnaSignals.isIgnored(number)) {
                JnaLibc.sigdelset(signals, number);
            }
        }
        int error = -JnaLibc.posix_spawnattr_setsigdefault(attributes, signals);
        JnaLibc.sigemptyset(signals);
        if (error >= 0) {
            error = -JnaLibc.posix_spawnattr_setsigmask(attributes, signals);
        }
        int flags = JnaConstants.POSIX_SPAWN_SETSIGDEF | JnaConstants.POSIX_SPAWN_SETSIGMASK | JnaConstants.POSIX_SPAWN_CLOEXEC_DEFAULT;
        return error < 0 ? error : -JnaLibc.posix_spawnattr_setflags(attributes, (short) flags);
    }

    private int start(byte[] path, Strings arguments, Strings environment, int[] result) {
        int[] pid = new int[1];
        try (Memory argv = arguments.vector(); Memory envp = environment.vector()) {
            int error = -JnaLibc.posix_spawn(pid, path, actions, attributes, Pointer.nativeValue(argv), Pointer.nativeValue(envp));
            if (error < 0) {
                return fail(error == -JnaConstants.EAGAIN ? FORK : EXEC, error);
            }
        }
        result[0] = pid[0];
        return 0;
    }

    /** C libraries without chdir as an action. The shell's own failures would look like the program's, so exec is asked about beforehand. */
    private int startByShell(byte[] directory, byte[] path, Strings arguments, Strings environment, int[] result) {
        byte[] program = path[0] == '/' ? path : concat(new byte[][] {{'.', '/'}, path});
        byte[] seen = path[0] == '/' ? path : concat(new byte[][] {Arrays.copyOf(directory, directory.length - 1), {'/'}, path});
        if (JnaLibc.access(seen, JnaConstants.X_OK) != 0) {
            return fail(EXEC, JnaLibc.error());
        }
        byte[] block = concat(new byte[][] {JnaDescriptors.terminated("sh"), JnaDescriptors.terminated("-c"),
            JnaDescriptors.terminated("cd -- \"$0\" && exec \"$@\""), directory, program, arguments.withoutFirst()});
        return start(JnaDescriptors.terminated("/bin/sh"), new Strings(block, arguments.count + 4), environment, result);
    }

    private static byte[] concat(byte[][] parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** A child without the pidfd that the caller counts on is taken back. */
    private int openPidfd(int[] result) {
        int pidfd = JnaChildren.openPidfd(result[0]);
        if (pidfd < 0) {
            JnaChildren.killAndReap(result[0]);
            result[0] = -1;
            return fail(PREPARE, pidfd);
        }
        result[1] = pidfd;
        return 0;
    }

    /** NUL-terminated strings, one after another. */
    static final class Strings {
        private final byte[] block;
        private final int count;

        Strings(byte[] block, int count) {
            this.block = block;
            this.count = count;
        }

        /** As argv and envp are: pointers, the last one null, and behind them what they point to. */
        Memory vector() {
            long text = (count + 1L) * Long.BYTES;
            Memory vector = new Memory(text + block.length);
            vector.write(text, block, 0, block.length);
            int at = 0;
            for (int i = 0; i < count; i++) {
                vector.setLong((long) i * Long.BYTES, Pointer.nativeValue(vector) + text + at);
                at = end(at);
            }
            vector.setLong((long) count * Long.BYTES, 0);
            return vector;
        }

        boolean areComplete() {
            int found = 0;
            for (byte unit : block) {
                found += unit == 0 ? 1 : 0;
            }
            return found >= count;
        }

        byte[] withoutFirst() {
            return Arrays.copyOfRange(block, end(0), block.length);
        }

        private int end(int start) {
            int at = start;
            while (block[at] != 0) {
                at++;
            }
            return at + 1;
        }
    }
}
