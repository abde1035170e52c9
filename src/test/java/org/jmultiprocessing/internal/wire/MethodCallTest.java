package org.jmultiprocessing.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.invoke.MethodHandleInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import org.jmultiprocessing.internal.os.ChildBinding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each kind of method, called natively and by a generated class: under JNA by the latter alone. */
@SuppressWarnings("unused") // Found by name.
@Tag("smoke")
class MethodCallTest {
    private static final boolean NATIVE = !ChildBinding.isJna();
    private static final int STATIC = MethodHandleInfo.REF_invokeStatic;
    private static final int VIRTUAL = MethodHandleInfo.REF_invokeVirtual;
    private static final int SPECIAL = MethodHandleInfo.REF_invokeSpecial;
    private static final int OF_INTERFACE = MethodHandleInfo.REF_invokeInterface;
    private static final int CONSTRUCTOR = MethodHandleInfo.REF_newInvokeSpecial;
    private static final String STRING = "Ljava/lang/String;";

    private static final RuntimeException FAILURE = new IllegalStateException("thrown");
    private static int ran;

    private interface Shape {
        int corners();

        default String named(String prefix) {
            return prefix + corners();
        }

        private String secret() {
            return "secret " + corners();
        }

        private static String of(int corners) {
            return "of " + corners;
        }
    }

    private static class Base {
        final String text;

        private Base(String text, long number) {
            this.text = text + number;
        }

        String who() {
            return "base " + text;
        }

        private String own() {
            return "own of base";
        }
    }

    private static final class Derived extends Base implements Shape {
        private Derived(String text) {
            super(text, 0);
        }

        @Override
        String who() {
            return "derived " + text;
        }

        String own() {
            return "own of derived";
        }

        @Override
        public int corners() {
            return 3;
        }
    }

    private static String all(boolean z, byte b, short s, char c, int i, long j, float f, double d, String text, int[] numbers, Object[] rest) {
        return "" + z + b + s + c + i + j + f + d + text + Arrays.toString(numbers) + Arrays.toString(rest);
    }

    private static boolean negate(boolean value) {
        return !value;
    }

    private static byte sameByte(byte value) {
        return value;
    }

    private static short sameShort(short value) {
        return value;
    }

    private static char sameChar(char value) {
        return value;
    }

    private static int sameInt(int value) {
        return value;
    }

    private static long sameLong(long value) {
        return value;
    }

    private static float sameFloat(float value) {
        return value;
    }

    private static double sameDouble(double value) {
        return value;
    }

    private static String variable(String... words) {
        return String.join("+", words);
    }

    private static void nothing() {
        ran++;
    }

    private static long fail() {
        throw FAILURE;
    }

    private static Object overflow() {
        return overflow();
    }

    private static int failing(String text) throws IOException {
        throw new IOException(text);
    }

    private static String whereTo(String text) {
        return text;
    }

    private static String onVirtual(String text) {
        return text;
    }

    private static int often(int value) {
        return value + 1;
    }

    private static MethodCall call(Class<?> type, int kind, String name, String signature) {
        return MethodCall.of(type, new FunctionForm(0, "", type.getName().replace('.', '/'), name, signature, kind, "", new Object[0]));
    }

    private static MethodCall call(int kind, String name, String signature) {
        return call(MethodCallTest.class, kind, name, signature);
    }

    /** Calls as often as takes both ways, with one result each time. */
    private static void assertReturns(Object expected, MethodCall call, Object... arguments) throws Exception {
        assertEquals(!NATIVE, call.isGenerated());
        for (int i = 0; i < MethodCall.NATIVE_CALLS; i++) {
            assertEquals(expected, call.call(arguments));
        }
        assertEquals(!NATIVE, call.isGenerated());
        assertEquals(expected, call.call(arguments));
        assertTrue(call.isGenerated());
    }

    @Test
    void staticMethodsAreCalled() throws Exception {
        assertReturns("true12c34" + 5.5f + 6.5 + "text[7, 8][x, null]",
                call(STATIC, "all", "(ZBSCIJFD" + STRING + "[I[Ljava/lang/Object;)" + STRING),
                true, (byte) 1, (short) 2, 'c', 3, 4L, 5.5f, 6.5, "text", new int[] {7, 8}, new String[] {"x", null});
        assertReturns("a+b", call(STATIC, "variable", "([" + STRING + ")" + STRING), (Object) new String[] {"a", "b"});
        assertReturns(null, call(STATIC, "nothing", "()V"));
        assertEquals(MethodCall.NATIVE_CALLS + 1, ran);
        assertReturns("of 5", call(Shape.class, STATIC, "of", "(I)" + STRING), 5);
        assertReturns(7, call(Math.class, STATIC, "max", "(II)I"), 7, -7);
    }

    @Test
    void primitivesKeepTheirBits() throws Exception {
        assertReturns(false, call(STATIC, "negate", "(Z)Z"), true);
        assertReturns(Byte.MIN_VALUE, call(STATIC, "sameByte", "(B)B"), Byte.MIN_VALUE);
        assertReturns(Short.MIN_VALUE, call(STATIC, "sameShort", "(S)S"), Short.MIN_VALUE);
        assertReturns('\uFFFF', call(STATIC, "sameChar", "(C)C"), '\uFFFF');
        assertReturns(Integer.MIN_VALUE, call(STATIC, "sameInt", "(I)I"), Integer.MIN_VALUE);
        assertReturns(Long.MIN_VALUE + 1, call(STATIC, "sameLong", "(J)J"), Long.MIN_VALUE + 1);
        assertReturns(-0.0f, call(STATIC, "sameFloat", "(F)F"), -0.0f);
        assertReturns(Double.MIN_VALUE, call(STATIC, "sameDouble", "(D)D"), Double.MIN_VALUE);
    }

    @Test
    void methodsOfObjectsAreCalled() throws Exception {
        Derived derived = new Derived("x");
        assertReturns("derived x0", call(Base.class, VIRTUAL, "who", "()" + STRING), derived);
        assertReturns("own of base", call(Base.class, SPECIAL, "own", "()" + STRING), derived);
        assertReturns("own of derived", call(Derived.class, VIRTUAL, "own", "()" + STRING), derived);
        assertReturns(3, call(Shape.class, OF_INTERFACE, "corners", "()I"), derived);
        assertReturns("n3", call(Shape.class, OF_INTERFACE, "named", "(" + STRING + ")" + STRING), derived, "n");
        assertReturns("n3", call(Derived.class, VIRTUAL, "named", "(" + STRING + ")" + STRING), derived, "n");
        assertReturns("secret 3", call(Shape.class, SPECIAL, "secret", "()" + STRING), derived);
        assertReturns(2, call(Deque.class, OF_INTERFACE, "size", "()I"), new ArrayDeque<>(List.of(1, 2)));
        assertReturns(derived.hashCode(), call(Derived.class, VIRTUAL, "hashCode", "()I"), derived);
    }

    @Test
    void objectsAreConstructed() throws Exception {
        MethodCall base = call(Base.class, CONSTRUCTOR, "<init>", "(" + STRING + "J)V");
        for (int i = 0; i <= MethodCall.NATIVE_CALLS; i++) {
            assertEquals("base x4", ((Base) base.call(new Object[] {"x", 4L})).who());
        }
        assertTrue(base.isGenerated());
        assertReturns(new TreeSet<>(), call(TreeSet.class, CONSTRUCTOR, "<init>", "()V"));
    }

    @Test
    void whatIsThrownComesOutAsItself() {
        MethodCall fail = call(STATIC, "fail", "()J");
        MethodCall failing = call(STATIC, "failing", "(" + STRING + ")I");
        for (int i = 0; i <= MethodCall.NATIVE_CALLS; i++) {
            assertSame(FAILURE, assertThrows(IllegalStateException.class, () -> fail.call(new Object[0])));
            assertEquals("t", assertThrows(IOException.class, () -> failing.call(new Object[] {"t"})).getMessage());
        }
        assertThrows(StackOverflowError.class, () -> call(STATIC, "overflow", "()Ljava/lang/Object;").call(new Object[0]));
    }

    /** The JVM does not look at what it is given natively, so it must not be given it. */
    @Test
    void whatDoesNotFitIsRefusedAsByALambda() throws Exception {
        MethodCall text = call(STATIC, "whereTo", "(" + STRING + ")" + STRING);
        assertNull(text.call(new Object[] {null}));
        assertEquals(!NATIVE, text.isGenerated());
        assertThrows(ClassCastException.class, () -> text.call(new Object[] {1}));
        assertTrue(text.isGenerated());
        MethodCall arrays = call(Arrays.class, STATIC, "toString", "([I)" + STRING);
        assertThrows(ClassCastException.class, () -> arrays.call(new Object[] {new long[1]}));
        MethodCall number = call(Math.class, STATIC, "abs", "(J)J");
        assertThrows(NullPointerException.class, () -> number.call(new Object[] {null}));
        assertEquals(3L, number.call(new Object[] {-3}));
        MethodCall receiver = call(Shape.class, OF_INTERFACE, "toString", "()" + STRING);
        assertThrows(NullPointerException.class, () -> receiver.call(new Object[] {null}));
        MethodCall own = call(Derived.class, VIRTUAL, "corners", "()I");
        assertThrows(ClassCastException.class, () -> own.call(new Object[] {"no shape"}));
    }

    @Test
    void aMethodThatIsNotThereIsNotCalledNatively() {
        MethodCall missing = call(STATIC, "missing", "()V");
        assertTrue(missing.isGenerated());
        assertThrows(NoSuchMethodError.class, () -> missing.call(new Object[0]));
        assertTrue(call(STATIC, "hashCode", "()I").isGenerated());
    }

    @Test
    void threadsShareACall() throws Exception {
        MethodCall call = call(STATIC, "often", "(I)I");
        List<Thread> threads = new ArrayList<>();
        List<FutureTask<Integer>> sums = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            FutureTask<Integer> sum = new FutureTask<>(() -> {
                int value = 0;
                while (value < 1000) {
                    value = (Integer) call.call(new Object[] {value});
                }
                return value;
            });
            sums.add(sum);
            threads.add(new Thread(sum));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        for (FutureTask<Integer> sum : sums) {
            assertEquals(1000, sum.get());
        }
        assertTrue(call.isGenerated());
    }

    /** A native frame would hold its carrier. */
    @Test
    void aVirtualThreadCallsNothingNatively() throws Exception {
        MethodCall call = call(STATIC, "onVirtual", "(" + STRING + ")" + STRING);
        Thread thread;
        FutureTask<Object> task = new FutureTask<>(() -> call.call(new Object[] {"x"}));
        try {
            thread = (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
        } catch (NoSuchMethodException beforeJava21) {
            assertFalse(Runtime.version().feature() >= 21);
            return;
        }
        thread.join();
        assertEquals("x", task.get());
        assertTrue(call.isGenerated());
    }
}
