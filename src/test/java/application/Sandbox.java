package application;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a program in a sandbox that answers system calls with errors, as those of containers do: {@code Sandbox 435=38,158=1 -- PROGRAM ARGUMENT...},
 * numbers of calls and of errors. On x86-64 Linux, as its numbers are that system's.
 */
public final class Sandbox {
    private static final int NO_NEW_PRIVILEGES = 38;
    private static final int SET_FILTER = 1;
    private static final int FOR_ALL_THREADS = 1;
    private static final int SYS_SECCOMP = 317;
    private static final int BYTES = 8;
    private static final short LOAD = 0x20;
    private static final short IF_EQUAL = 0x15;
    private static final short ANSWER = 0x06;
    private static final int ERROR = 0x00050000;
    private static final int ALLOWED = 0x7fff0000;

    private Sandbox() { }

    /**
     * From now on, for all threads of this process and for all that it starts.
     *
     * @param refusals numbers of system calls and of the errors that they give, {@code 435=38}
     */
    public static void enter(List<String> refusals) {
        Memory code = new Memory((2L * refusals.size() + 2) * BYTES);
        put(code, 0, LOAD, 0, 0);
        int at = 1;
        for (String refusal : refusals) {
            String[] numbers = refusal.split("=");
            put(code, at++, IF_EQUAL, 1, Integer.parseInt(numbers[0]));
            put(code, at++, ANSWER, 0, ERROR | Integer.parseInt(numbers[1]));
        }
        put(code, at++, ANSWER, 0, ALLOWED);
        Memory program = new Memory(2 * BYTES);
        program.setLong(0, at);
        program.setPointer(BYTES, code);
        require(call("prctl", NO_NEW_PRIVILEGES, 1L, 0L, 0L, 0L));
        require(call("syscall", (long) SYS_SECCOMP, (long) SET_FILTER, (long) FOR_ALL_THREADS, program));
    }

    /** One instruction; the jump is for when it is not equal. */
    private static void put(Memory code, int index, short operation, int jump, int value) {
        long at = (long) index * BYTES;
        code.setShort(at, operation);
        code.setByte(at + 2, (byte) 0);
        code.setByte(at + 3, (byte) jump);
        code.setInt(at + 4, value);
    }

    private static int call(String function, Object... arguments) {
        return NativeLibrary.getProcess().getFunction(function, Function.C_CONVENTION).invokeInt(arguments);
    }

    private static void require(int result) {
        if (result != 0) {
            throw new IllegalStateException("errno " + Native.getLastError());
        }
    }

    /**
     * @param arguments what is refused, {@code --}, and the program by its path with its arguments
     */
    public static void main(String[] arguments) {
        enter(List.of(arguments[0].split(",")));
        String[] command = Arrays.copyOfRange(arguments, 2, arguments.length);
        require(call("execv", command[0], command));
    }
}
