package org.jmultiprocessing.internal.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

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

    @Test
    void callsMethods() throws Exception {
        assertEquals(0, posix.findMethod(Math.class, true, "max", "(I)I"));
        assertEquals(0, posix.findMethod(Math.class, false, "max", "(II)I"));
        long max = posix.findMethod(Math.class, true, "max", "(II)I");
        assertNotEquals(0, max);
        long[] numbers = {-1, -2};
        assertNull(posix.callMethod(Math.class, max, null, new byte[] {'I', 'I', 'I'}, new Object[2], numbers));
        assertEquals(-1, numbers[0]);
        long concat = posix.findMethod(String.class, false, "concat", "(Ljava/lang/String;)Ljava/lang/String;");
        assertEquals("ab", posix.callMethod(String.class, concat, "a", new byte[] {'L', 'L'}, new Object[] {"b"}, new long[1]));
    }
}
