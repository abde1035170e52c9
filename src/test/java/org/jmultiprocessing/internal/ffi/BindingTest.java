package org.jmultiprocessing.internal.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The choice is made once in a JVM, so each case has a JVM of its own. */
@Tag("smoke")
class BindingTest {
    private static final String LIBRARY = Binding.posix() instanceof NativePosix chosen ? chosen.path() : NativeLibraryFile.load().path();

    private static String run(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(PosixSpawnContractTest.NATIVE_ACCESS);
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Subject.class.getName()));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        child.getOutputStream().close();
        try (var output = child.getInputStream()) {
            return new String(output.readAllBytes());
        } finally {
            child.waitFor();
        }
    }

    @Test
    void childWithALibraryTouchesNeitherJnaNorTheUnpacker() throws Exception {
        String output = run("-verbose:class", "-Djmultiprocessing.library=" + LIBRARY);
        assertTrue(output.contains("binding=jni library=" + LIBRARY + " failure=null"), output);
        assertFalse(output.contains(" com.sun.jna."), output);
        assertFalse(output.contains("JnaPosix"), output);
        assertFalse(output.contains("NativeLibraryFile"), output);
    }

    @Test
    void jnaServesOnRequest() throws Exception {
        String output = run("-Djmultiprocessing.binding=jna", "-Djmultiprocessing.library=" + LIBRARY);
        assertTrue(output.contains("binding=jna library=null failure=null"), output);
    }

    @Test
    void lostLibraryIsNotTheEnd() throws Exception {
        String output = run("-Djmultiprocessing.library=/nonexistent/library.so");
        assertTrue(output.contains("binding=j"), output);
        assertTrue(output.contains("/nonexistent/library.so"), output);
    }

    @Test
    void unknownBindingIsAnError() throws Exception {
        String output = run("-Djmultiprocessing.binding=fax");
        assertFalse(output.contains("binding=j"), output);
        assertTrue(output.contains("use jni or jna"), output);
    }

    @Test
    void thisProcessHasOneBinding() {
        assertEquals(Binding.posix(), Binding.posix());
        assertEquals("jni".equals(Binding.posix().binding()), Binding.libraryPath() != null);
    }

    /** Says what was chosen. */
    static final class Subject {
        private Subject() {
        }

        public static void main(String[] arguments) {
            String binding = Binding.posix().binding();
            System.out.print("binding=");
            System.out.print(binding);
            System.out.print(" library=");
            System.out.print(Binding.libraryPath());
            System.out.print(" failure=");
            System.out.println(Binding.nativeFailure());
            if (Binding.nativeFailure() != null) {
                System.out.println(Arrays.toString(Binding.nativeFailure().getSuppressed()));
            }
        }
    }
}
