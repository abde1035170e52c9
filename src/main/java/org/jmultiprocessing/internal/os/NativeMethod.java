package org.jmultiprocessing.internal.os;

import java.util.List;
import org.jmultiprocessing.internal.ffi.Binding;

/**
 * A method or constructor that our library calls, whatever its access: slower than the ways that the JDK has, but in a fresh JVM these take
 * milliseconds to be made, and this nothing. It takes just what needs no conversion but unboxing.
 */
public final class NativeMethod {
    private static final String OBJECT = "Ljava/lang/Object;";
    private static final byte CONSTRUCTOR = 'N';

    private final Class<?> type;
    private final long id;
    private final boolean hasReceiver;
    private final List<String> parameters;
    /** Of each parameter and the result. */
    private final byte[] letters;

    private NativeMethod(Class<?> type, long id, boolean hasReceiver, List<String> parameters, byte[] letters) {
        this.type = type;
        this.id = id;
        this.hasReceiver = hasReceiver;
        this.parameters = parameters;
        this.letters = letters;
    }

    /**
     * @param type has it; is initialized by this
     * @param name its name, or {@code <init>}
     * @param signature its descriptor
     * @param hasReceiver whether it is a method that is not static
     * @param parameters of the descriptor
     * @param result of the descriptor
     * @return the method; null if there is none, or this binding calls no methods
     */
    public static NativeMethod find(Class<?> type, String name, String signature, boolean hasReceiver, List<String> parameters, String result) {
        boolean isConstructor = name.equals("<init>");
        long id = Binding.posix().findMethod(type, !hasReceiver && !isConstructor, name, signature);
        if (id == 0) {
            return null;
        }
        int count = parameters.size();
        byte[] letters = new byte[count + 1];
        for (int i = 0; i < count; i++) {
            letters[i] = (byte) parameters.get(i).charAt(0);
        }
        letters[count] = isConstructor ? CONSTRUCTOR : (byte) result.charAt(0);
        return new NativeMethod(type, id, hasReceiver, parameters, letters);
    }

    /**
     * @param arguments the receiver, if there is one, and the arguments, as objects
     * @return whether {@link #call} may be given these now; never in a virtual thread, which could not leave its carrier as long as the method runs
     */
    public boolean takes(Object[] arguments) {
        int first = hasReceiver ? 1 : 0;
        if (Parker.isVirtual() || arguments.length != parameters.size() + first || hasReceiver && !type.isInstance(arguments[0])) {
            return false;
        }
        for (int i = first; i < arguments.length; i++) {
            if (!fits(letters[i - first], parameters.get(i - first), arguments[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether a value can be passed as it is, or as what its box holds. */
    private boolean fits(byte letter, String parameter, Object value) {
        switch (letter) {
            case 'I':
                return value instanceof Integer;
            case 'J':
                return value instanceof Long;
            case 'D':
                return value instanceof Double;
            case 'F':
                return value instanceof Float;
            case 'Z':
                return value instanceof Boolean;
            case 'B':
                return value instanceof Byte;
            case 'S':
                return value instanceof Short;
            case 'C':
                return value instanceof Character;
            default:
                return value == null || parameter.equals(OBJECT) || isInstance(parameter, value);
        }
    }

    /** The class is the one that the method's own class knows by that name. */
    private boolean isInstance(String parameter, Object value) {
        String name = parameter.charAt(0) == 'L' ? parameter.substring(1, parameter.length() - 1) : parameter;
        try {
            return Class.forName(name.replace('/', '.'), false, type.getClassLoader()).isInstance(value);
        } catch (ClassNotFoundException | LinkageError e) {
            // Then it is no instance, and what the caller does instead meets the same and throws it.
            return false;
        }
    }

    /**
     * Calls it.
     *
     * @param arguments what {@link #takes} has accepted: anything else may crash the JVM
     * @return what the method returns, as an object; null if it is void
     * @throws Exception what the method throws
     */
    public Object call(Object[] arguments) throws Exception {
        int first = hasReceiver ? 1 : 0;
        Object[] objects = new Object[parameters.size()];
        long[] numbers = new long[Math.max(objects.length, 1)];
        for (int i = 0; i < objects.length; i++) {
            Object value = arguments[i + first];
            if (isNumber(letters[i])) {
                numbers[i] = number(value);
            } else {
                objects[i] = value;
            }
        }
        Object returned = Binding.posix().callMethod(type, id, hasReceiver ? arguments[0] : null, letters, objects, numbers);
        return isNumber(letters[objects.length]) ? box(numbers[0]) : returned;
    }

    private static boolean isNumber(byte letter) {
        return letter != 'L' && letter != '[' && letter != 'V' && letter != CONSTRUCTOR;
    }

    private static long number(Object box) {
        if (box instanceof Character) {
            return (Character) box;
        }
        if (box instanceof Boolean) {
            return (Boolean) box ? 1 : 0;
        }
        if (box instanceof Double) {
            return Double.doubleToRawLongBits((Double) box);
        }
        return box instanceof Float ? Float.floatToRawIntBits((Float) box) : ((Number) box).longValue();
    }

    private Object box(long number) {
        switch (letters[parameters.size()]) {
            case 'I':
                return (int) number;
            case 'J':
                return number;
            case 'D':
                return Double.longBitsToDouble(number);
            case 'F':
                return Float.intBitsToFloat((int) number);
            case 'Z':
                return number != 0;
            case 'B':
                return (byte) number;
            case 'S':
                return (short) number;
            default:
                return (char) number;
        }
    }
}
