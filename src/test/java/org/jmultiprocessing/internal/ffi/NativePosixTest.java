package org.jmultiprocessing.internal.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("smoke")
class NativePosixTest extends PosixSpawnContractTest {
    NativePosixTest() {
        super(Binding.posix() instanceof NativePosix chosen ? chosen : NativeLibraryFile.load());
    }

    @Test
    void isNative() {
        assertEquals("jni", posix.binding());
    }
}
