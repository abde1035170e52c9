package org.jmultiprocessing.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jmultiprocessing.task.Function0;
import org.jmultiprocessing.task.Function1;
import org.jmultiprocessing.task.Function2;
import org.jmultiprocessing.task.Function3;
import org.jmultiprocessing.task.Function4;
import org.jmultiprocessing.task.Task;
import org.jmultiprocessing.task.Task1;
import org.jmultiprocessing.task.Task2;
import org.jmultiprocessing.task.Task3;
import org.jmultiprocessing.task.Task4;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@SuppressWarnings("serial") // That private methods can be called from serializable lambdas is what is tested.
@Tag("smoke")
class FunctionsTest {
    private static final List<Object> CALLS = new ArrayList<>();

    private record Point(int x, int y) implements Serializable {
        private int sum() {
            return x + y;
        }

        int times(int factor) {
            return sum() * factor;
        }
    }

    private interface Greeter extends Serializable {
        String greet(String name);

        default Function1<String, String> twice() {
            return name -> greet(greet(name));
        }
    }

    /** A user's own functional interface. */
    private interface Parser extends Serializable {
        int parse(String text);
    }

    /** A user's own kind of ours. */
    private interface Named extends Task1<String> {
    }

    private static void note(Object... what) {
        CALLS.add(List.of(what));
    }

    private static void one(int a) {
        note(a);
    }

    private static long widen(long value) {
        return value;
    }

    private static String types(boolean z, byte b, short s, char c, int i, long j, float f, double d) {
        return "" + z + b + s + c + i + j + f + d;
    }

    private static int fail(int code) throws IOException {
        if (code == 0) {
            throw new IOException("zero");
        }
        throw new StackOverflowError("not zero");
    }

    /** Sends a function and makes sure that it went in our own form. */
    private static <T> T send(T function) {
        T back = Trip.same(function);
        assertInstanceOf(PortableFunction.class, back);
        return back;
    }

    @Test
    void tasksOfAllAritiesRun() throws Exception {
        CALLS.clear();
        Task task = () -> note("none");
        send(task).run();
        Task1<Integer> task1 = FunctionsTest::one;
        send(task1).run(1);
        Task2<Integer, String> task2 = (a, b) -> note(a, b);
        send(task2).run(1, "b");
        Task3<Integer, String, Long> task3 = (a, b, c) -> note(a, b, c);
        send(task3).run(1, "b", 3L);
        Task4<Integer, String, Long, Character> task4 = (a, b, c, d) -> note(a, b, c, d);
        send(task4).run(1, "b", 3L, 'd');
        assertEquals(List.of(List.of("none"), List.of(1), List.of(1, "b"), List.of(1, "b", 3L), List.of(1, "b", 3L, 'd')), CALLS);
    }

    @Test
    void functionsOfAllAritiesReturn() throws Exception {
        Function0<Integer> function0 = () -> 42;
        assertEquals(42, send(function0).call());
        Callable<Integer> callable = send(function0);
        assertEquals(42, callable.call());
        Function1<Integer, Integer> function1 = Math::abs;
        assertEquals(3, send(function1).apply(-3));
        Function2<Integer, Integer, Integer> function2 = Integer::sum;
        assertEquals(5, send(function2).apply(2, 3));
        Function3<Integer, Integer, Integer, Integer> function3 = (a, b, c) -> a + b + c;
        assertEquals(6, send(function3).apply(1, 2, 3));
        Function4<Integer, Integer, Integer, Integer, Integer> function4 = (a, b, c, d) -> a + b + c + d;
        assertEquals(10, send(function4).apply(1, 2, 3, 4));
    }

    @Test
    void allKindsOfReferencesWork() throws Exception {
        Point point = new Point(1, 2);
        Function1<Integer, Integer> bound = point::times;
        assertEquals(30, send(bound).apply(10));
        Function1<Point, Integer> unbound = Point::sum;
        assertEquals(3, send(unbound).apply(point));
        Function2<Point, Integer, Integer> unboundWithArgument = Point::times;
        assertEquals(6, send(unboundWithArgument).apply(point, 2));
        Function2<Integer, Integer, Point> constructor = Point::new;
        assertEquals(point, send(constructor).apply(1, 2));
        Function0<List<String>> ofTheJdk = ArrayList::new;
        assertEquals(List.of(), send(ofTheJdk).call());
        Function1<String, Integer> length = String::length;
        assertEquals(3, send(length).apply("abc"));
        Function1<List<?>, Integer> ofAnInterface = List::size;
        assertEquals(1, send(ofAnInterface).apply(List.of(1)));
        Function1<Integer, int[]> array = int[]::new;
        assertEquals(4, send(array).apply(4).length);
        Function1<String, String> endless = "a"::concat;
        assertEquals("ab", send(endless).apply("b"));
    }

    @Test
    void lambdasBringWhatTheyCapture() throws Exception {
        int number = 5;
        long big = 1L << 40;
        String text = "ж";
        List<Integer> list = List.of(1, 2);
        Point point = new Point(3, 4);
        Function1<Integer, String> simple = a -> text + number + big + list + a;
        assertEquals("ж51099511627776[1, 2]0", send(simple).apply(0));
        Function0<Integer> withObject = () -> point.x + number;
        assertEquals(8, send(withObject).call());
        Function0<String> withFunction = () -> list.size() + simple.apply(1);
        assertEquals("2ж51099511627776[1, 2]1", send(withFunction).call());
    }

    @Test
    void capturedObjectsThatAreOneStayOne() throws Exception {
        List<Integer> list = new ArrayList<>();
        LinkedList<Object> holder = new LinkedList<>(List.of(list));
        Function0<Boolean> same = () -> holder.get(0) == list;
        assertTrue(send(same).call());
    }

    @Test
    void allPrimitivesAreConverted() throws Exception {
        boolean z = true;
        byte b = 1;
        short s = 2;
        char c = 'c';
        int i = 3;
        long j = 4;
        float f = 5.5f;
        double d = 6.5;
        Function0<String> captured = () -> types(z, b, s, c, i, j, f, d);
        assertEquals("true12c345.56.5", send(captured).call());
        Function1<Integer, Long> widened = FunctionsTest::widen;
        assertEquals(7L, send(widened).apply(7));
        Function1<Character, Long> fromChar = FunctionsTest::widen;
        assertEquals((long) 'x', send(fromChar).apply('x'));
        Function1<Boolean, Boolean> not = value -> !value;
        assertFalse(send(not).apply(true));
        Function1<Byte, Byte> bytes = Byte::valueOf;
        assertEquals((byte) 9, send(bytes).apply((byte) 9));
        Function0<Double> result = () -> d;
        assertEquals(6.5, send(result).call());
        Function2<String, Integer, Character> charAt = String::charAt;
        assertEquals('b', send(charAt).apply("ab", 1));
    }

    @Test
    void lambdasInInterfacesAndOnThisWork() throws Exception {
        Function1<String, String> twice = new StaticGreeter().twice();
        assertEquals("hi hi x", send(twice).apply("x"));
    }

    private static final class StaticGreeter implements Greeter {
        private static final long serialVersionUID = 1L;

        @Override
        public String greet(String name) {
            return "hi " + name;
        }
    }

    @Test
    void exceptionsComeOutAsTheyWereThrown() {
        Function1<Integer, Integer> fails = FunctionsTest::fail;
        Function1<Integer, Integer> back = send(fails);
        assertEquals("zero", assertThrows(IOException.class, () -> back.apply(0)).getMessage());
        assertEquals("not zero", assertThrows(StackOverflowError.class, () -> back.apply(1)).getMessage());
    }

    @Test
    void aWrongArgumentIsTheErrorThatALambdaWouldThrow() {
        Task1<Integer> task = FunctionsTest::one;
        @SuppressWarnings("unchecked") // The test is about what happens then.
        Task1<Object> back = (Task1<Object>) (Task1<?>) send(task);
        assertThrows(ClassCastException.class, () -> back.run("x"));
        assertThrows(NullPointerException.class, () -> back.run(null));
    }

    @Test
    void aFunctionCanBeSentOn() throws Exception {
        String text = "on";
        Function1<Integer, String> function = a -> text + a;
        Function1<Integer, String> once = send(function);
        assertEquals("on2", send(once).apply(2));
        Function1<Integer, String> inJava = Trip.same(new LinkedList<>(List.of(once))).get(0);
        assertEquals("on3", inJava.apply(3));
        assertEquals("on4", send(inJava).apply(4));
        Function1<String, Integer> jdk = send((Function1<String, Integer>) String::length);
        assertEquals(1, Trip.same(new LinkedList<>(List.of(jdk))).get(0).apply("x"));
    }

    @Test
    void aFunctionGoesThroughOtherStreamsToo() throws Exception {
        Function1<Integer, Integer> function = send((Function1<Integer, Integer>) a -> a + 1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(function);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            @SuppressWarnings("unchecked") // It was written a moment ago.
            Function1<Integer, Integer> back = (Function1<Integer, Integer>) in.readObject();
            assertEquals(2, back.apply(1));
        }
    }

    @Test
    void functionsTravelInsideOtherValues() throws Exception {
        Function0<Integer> one = () -> 1;
        byte[] bytes = Trip.encode(List.of(one, "x"));
        assertTrue(Trip.isCompact(bytes));
        assertEquals(1, ((Function0<?>) ((List<?>) Trip.decode(bytes, Trust.OWN_TREE)).get(0)).call());
        Map<String, Object> mixed = Trip.same(Map.of("f", one, "p", new Point(1, 2)));
        assertEquals(1, ((Function0<?>) mixed.get("f")).call());
        Task outer = () -> one.call();
        send(outer).run();
        List<Function0<Integer>> twice = Trip.same(List.of(one, one));
        assertSame(twice.get(0), twice.get(1));
    }

    @Test
    void onlyItsOwnInterfaceIsImplemented() {
        Object task = send((Task) () -> note("x"));
        assertFalse(task instanceof Task1 || task instanceof Callable);
    }

    @Test
    void otherSerializableLambdasGoByJavaSerialization() throws Exception {
        Parser parser = Integer::parseInt;
        assertEquals(12, Trip.same(parser).parse("12"));
        Supplier<String> supplier = (Supplier<String> & Serializable) () -> "s";
        assertEquals("s", Trip.same(supplier).get());
        Named named = text -> note(text);
        assertInstanceOf(Named.class, Trip.same(named));
        Task both = (Task & Greeting) () -> note("both");
        assertInstanceOf(Greeting.class, Trip.same(both));
    }

    private interface Greeting {
    }

    @Test
    void allFunctionsOfAMethodAreOneCall() {
        Task1<Integer> task = FunctionsTest::one;
        FunctionForm form = FunctionForm.of(task);
        assertSame(MethodCall.of(FunctionsTest.class, form), MethodCall.of(FunctionsTest.class, form));
    }

    /** A class loader of its own is an unnamed module of its own, in which nothing can be generated. */
    @Test
    void functionsOfAnotherClassLoaderWork() throws Exception {
        String name = Elsewhere.class.getName();
        byte[] bytes;
        try (InputStream in = FunctionsTest.class.getResourceAsStream("FunctionsTest$Elsewhere.class")) {
            bytes = in.readAllBytes();
        }
        ClassLoader loader = new ClassLoader(FunctionsTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String wanted, boolean resolve) throws ClassNotFoundException {
                return wanted.equals(name) ? defineClass(wanted, bytes, 0, bytes.length) : super.loadClass(wanted, resolve);
            }
        };
        byte[] message = Trip.encode(new Elsewhere().function());
        Object back = new ObjectCodec(Trust.OWN_TREE, loader).decode(new WireInput(message, 0, message.length, null));
        assertFalse(back instanceof PortableFunction);
        assertEquals(loader, ((Function0<?>) back).call());
    }

    static final class Elsewhere {
        Function0<Object> function() {
            return () -> Elsewhere.class.getClassLoader();
        }
    }

    @Test
    void theJdkLinksWhatIsInAnotherModule() throws Exception {
        String text = "t";
        Function1<Integer, String> function = a -> text + a;
        Object linked = OtherModules.link(FunctionForm.of(function), FunctionsTest.class.getClassLoader());
        assertFalse(linked instanceof PortableFunction);
        @SuppressWarnings("unchecked") // The form is one of this type.
        Function1<Integer, String> back = (Function1<Integer, String>) linked;
        assertEquals("t1", back.apply(1));
    }
}
