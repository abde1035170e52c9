package org.jmultiprocessing.internal.wire;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.os.NativeMethod;

/**
 * Calls the method of a form: at first by {@link NativeMethod}, which a child's target needs once and at once, and when it turns out to be called
 * often by a {@link GeneratedCall}. There is one for each method, so that the calls of all functions that refer to it count.
 */
final class MethodCall {
    /** So many native calls cost less than generating a class. */
    static final int NATIVE_CALLS = 16;

    private static final ClassValue<Map<String, MethodCall>> KNOWN = new ClassValue<>() {
        @Override
        protected Map<String, MethodCall> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>();
        }
    };

    private final Class<?> type;
    private final FunctionForm form;
    private final MethodDescriptor descriptor;
    private final NativeMethod nativeMethod;
    private volatile GeneratedCall generatedCall;
    private int nativeCalls;

    private MethodCall(Class<?> type, FunctionForm form, MethodDescriptor descriptor, NativeMethod nativeMethod, GeneratedCall generatedCall) {
        this.type = type;
        this.form = form;
        this.descriptor = descriptor;
        this.nativeMethod = nativeMethod;
        this.generatedCall = generatedCall;
    }

    /** What calls the method of a form; null if there is no such method, or no class can be generated for it. */
    static MethodCall of(Class<?> type, FunctionForm form) {
        Map<String, MethodCall> known = KNOWN.get(type);
        String key = form.implName().concat(form.implSignature());
        MethodCall call = known.get(key);
        if (call == null) {
            call = make(type, form.capturing(null));
            if (call != null) {
                MethodCall earlier = known.putIfAbsent(key, call);
                return earlier == null ? call : earlier;
            }
        }
        return call;
    }

    private static MethodCall make(Class<?> type, FunctionForm form) {
        if (!GeneratedCall.isPossible(type)) {
            return null;
        }
        MethodDescriptor descriptor = MethodDescriptor.parse(form.implSignature());
        NativeMethod nativeMethod = NativeMethod.find(type, form.implName(), form.implSignature(), form.hasReceiver(),
            descriptor.parameters(), descriptor.result());
        GeneratedCall generatedCall = nativeMethod == null ? GeneratedCall.make(type, form, descriptor) : null;
        return nativeMethod == null && generatedCall == null ? null : new MethodCall(type, form, descriptor, nativeMethod, generatedCall);
    }

    /** How many elements the array of a call has. */
    int argumentCount() {
        return descriptor.parameters().size() + (form.hasReceiver() ? 1 : 0);
    }

    /**
     * @param arguments the receiver, if there is one, and the arguments, as objects
     * @return what the method returns, as an object; null if it is void
     * @throws Exception what the method throws
     */
    Object call(Object[] arguments) throws Exception {
        GeneratedCall generated = generatedCall;
        if (generated == null) {
            // Threads may count one call as one; that does no harm.
            if (nativeCalls < NATIVE_CALLS && nativeMethod.takes(arguments)) {
                nativeCalls++;
                return nativeMethod.call(arguments);
            }
            generated = generate();
        }
        return generated.call(arguments);
    }

    boolean isGenerated() {
        return generatedCall != null;
    }

    private synchronized GeneratedCall generate() {
        GeneratedCall generated = generatedCall;
        if (generated == null) {
            generated = GeneratedCall.make(type, form, descriptor);
            if (generated == null) {
                throw new SerializationException("no class can be generated that calls ".concat(form.implName()).concat(form.implSignature())
                    .concat(" of ").concat(type.getName()));
            }
            generatedCall = generated;
        }
        return generated;
    }
}
