package org.jmultiprocessing.internal.wire;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Modifier;

/**
 * Calls one method or constructor, with all that it needs in an array. Subclasses are generated ({@link CallClass}), as hidden nestmates of the class
 * that has the method, one for each. In a fresh JVM that takes one to five milliseconds, where reflection (since JDK 18) or making a lambda takes
 * ten to thirty; afterwards it costs what a lambda costs.
 *
 * <p>Public for the generated classes alone.
 */
public abstract class GeneratedCall {
    private static final Object LOCK = new Object();
    /** What the static initializer of the class that is being generated has made: a way to get an instance without reflection. */
    private static GeneratedCall made;

    /** Hands the instance over to who generates the class. */
    protected GeneratedCall() {
        made = this;
    }

    /**
     * @param arguments the receiver, if there is one, and the arguments, as objects
     * @return what the method returns, as an object; null if it is void
     * @throws Exception what the method throws
     */
    public abstract Object call(Object[] arguments) throws Exception;

    /** Whether there can be one: not if the class is in another module than this one, and another class loader's unnamed module is another. */
    static boolean isPossible(Class<?> type) {
        return type.getModule() == GeneratedCall.class.getModule() || isPublicInTheJdk(type);
    }

    /** Makes what calls the method of a form; null if there is no such method. */
    static GeneratedCall make(Class<?> type, FunctionForm form, MethodDescriptor descriptor) {
        try {
            MethodHandles.Lookup lookup = lookup(type);
            if (!lookup.hasFullPrivilegeAccess()) {
                return null;
            }
            byte[] bytes = new CallClass(lookup.lookupClass(), type, form, descriptor).bytes();
            synchronized (LOCK) {
                made = null;
                lookup.defineHiddenClass(bytes, true, MethodHandles.Lookup.ClassOption.NESTMATE);
                GeneratedCall call = made;
                made = null;
                return call;
            }
        } catch (IllegalAccessException | LinkageError e) {
            // The module is closed, or the form corrupt: the JDK makes the function instead, or says why it cannot.
            return null;
        }
    }

    /** A lookup in the method's class; in this class if that is one of the JDK, of which a lambda can refer to public methods only. */
    private static MethodHandles.Lookup lookup(Class<?> type) throws IllegalAccessException {
        return isPublicInTheJdk(type) ? MethodHandles.lookup() : MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    }

    private static boolean isPublicInTheJdk(Class<?> type) {
        return type.getClassLoader() == null && Modifier.isPublic(type.getModifiers());
    }

    /**
     * @param value a box
     * @return its value, widened as a method call widens it
     */
    protected static int intOf(Object value) {
        return value instanceof Character ? (Character) value : ((Number) value).intValue();
    }

    /**
     * @param value a box
     * @return its value, widened as a method call widens it
     */
    protected static long longOf(Object value) {
        return value instanceof Character ? (Character) value : ((Number) value).longValue();
    }

    /**
     * @param value a box
     * @return its value, widened as a method call widens it
     */
    protected static float floatOf(Object value) {
        return value instanceof Character ? (Character) value : ((Number) value).floatValue();
    }

    /**
     * @param value a box
     * @return its value, widened as a method call widens it
     */
    protected static double doubleOf(Object value) {
        return value instanceof Character ? (Character) value : ((Number) value).doubleValue();
    }

    /**
     * @param value a box
     * @return its value, widened as a method call widens it
     */
    protected static short shortOf(Object value) {
        return ((Number) value).shortValue();
    }

    /**
     * @param value a box
     * @return its value
     */
    protected static byte byteOf(Object value) {
        return (Byte) value;
    }

    /**
     * @param value a box
     * @return its value
     */
    protected static char charOf(Object value) {
        return (Character) value;
    }

    /**
     * @param value a box
     * @return its value
     */
    protected static boolean booleanOf(Object value) {
        return (Boolean) value;
    }
}
