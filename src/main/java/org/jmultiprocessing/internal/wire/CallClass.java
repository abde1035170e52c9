package org.jmultiprocessing.internal.wire;

import java.util.Arrays;
import java.util.Locale;
import org.jmultiprocessing.errors.SerializationException;

/**
 * The class file of a {@link GeneratedCall}, written by hand as the JDK's generators are what is slow in a fresh JVM. As Java it would be
 *
 * <pre>{@code
 * final class Target$$Call extends GeneratedCall {
 *     static { new Target$$Call(); }
 *     public Object call(Object[] a) { return Integer.valueOf(Target.method((String) a[0], intOf(a[1]))); }
 * }
 * }</pre>
 */
final class CallClass {
    private static final String BASE = "org/jmultiprocessing/internal/wire/GeneratedCall";
    private static final int CLASS_FILE_OF_JAVA_17 = 61;

    private static final int CONSTANT_UTF8 = 1;
    private static final int CONSTANT_CLASS = 7;
    private static final int CONSTANT_METHOD = 10;
    private static final int CONSTANT_INTERFACE_METHOD = 11;
    private static final int CONSTANT_NAME_AND_TYPE = 12;

    private static final int ACONST_NULL = 1;
    private static final int SIPUSH = 17;
    private static final int ALOAD_0 = 42;
    private static final int ALOAD_1 = 43;
    private static final int AALOAD = 50;
    private static final int POP = 87;
    private static final int DUP = 89;
    private static final int ARETURN = 176;
    private static final int RETURN = 177;
    private static final int INVOKEVIRTUAL = 182;
    private static final int INVOKESPECIAL = 183;
    private static final int INVOKESTATIC = 184;
    private static final int INVOKEINTERFACE = 185;
    private static final int NEW = 187;
    private static final int CHECKCAST = 192;

    private final ByteSink pool = new ByteSink();
    private final ByteSink code = new ByteSink();
    private final ByteSink methods = new ByteSink();
    private final String name;
    private final String owner;
    private final boolean ofInterface;
    private final FunctionForm form;
    private final MethodDescriptor descriptor;
    private int constants = 1;
    private int argumentCount;

    /**
     * @param nest the class will be in its package
     * @param type has the method
     * @param form names the method
     * @param descriptor the method's
     */
    CallClass(Class<?> nest, Class<?> type, FunctionForm form, MethodDescriptor descriptor) {
        this.name = nest.getName().replace('.', '/').concat("$$Call");
        this.owner = type.getName().replace('.', '/');
        this.ofInterface = type.isInterface();
        this.form = form;
        this.descriptor = descriptor;
    }

    byte[] bytes() {
        // A hidden class gets another name, but in this one constant only.
        int thisClass = classConstant(name);
        int baseClass = classConstant(BASE);
        int codeName = text("Code");
        int constructor = method(CONSTANT_METHOD, thisClass, "<init>", "()V");

        code.writeByte(ALOAD_0);
        invoke(INVOKESPECIAL, method(CONSTANT_METHOD, classConstant(BASE), "<init>", "()V"));
        code.writeByte(RETURN);
        endMethod(0, "<init>", "()V", codeName);

        operation(NEW, thisClass);
        code.writeByte(DUP);
        invoke(INVOKESPECIAL, constructor);
        code.writeByte(POP);
        code.writeByte(RETURN);
        endMethod(0x0008, "<clinit>", "()V", codeName);

        writeCall();
        endMethod(0x0001, "call", "([Ljava/lang/Object;)Ljava/lang/Object;", codeName);

        ByteSink out = new ByteSink();
        out.writeInt(0xCAFEBABE);
        out.writeInt(CLASS_FILE_OF_JAVA_17);
        out.writeShort(constants);
        out.write(pool);
        out.writeShort(0x0030);
        out.writeShort(thisClass);
        out.writeShort(baseClass);
        out.writeShort(0);
        out.writeShort(0);
        out.writeShort(3);
        out.write(methods);
        out.writeShort(0);
        return out.toByteArray();
    }

    private void writeCall() {
        if (form.isConstructor()) {
            operation(NEW, classConstant(owner));
            code.writeByte(DUP);
        } else if (form.hasReceiver()) {
            loadArgument();
            operation(CHECKCAST, classConstant(owner));
        }
        int slots = 0;
        for (String parameter : descriptor.parameters()) {
            slots += parameter.equals("J") || parameter.equals("D") ? 2 : 1;
            loadArgument();
            convertArgument(parameter);
        }
        int target = method(ofInterface ? CONSTANT_INTERFACE_METHOD : CONSTANT_METHOD, classConstant(owner), form.implName(), form.implSignature());
        if (form.isConstructor()) {
            invoke(INVOKESPECIAL, target);
        } else if (!form.hasReceiver()) {
            invoke(INVOKESTATIC, target);
            boxResult(descriptor.result().charAt(0));
        } else {
            // Private methods too: a nestmate may, and the receiver's class cannot override them.
            invoke(ofInterface ? INVOKEINTERFACE : INVOKEVIRTUAL, target);
            if (ofInterface) {
                code.writeByte(slots + 1);
                code.writeByte(0);
            }
            boxResult(descriptor.result().charAt(0));
        }
        code.writeByte(ARETURN);
    }

    private void loadArgument() {
        code.writeByte(ALOAD_1);
        operation(SIPUSH, argumentCount++);
        code.writeByte(AALOAD);
    }

    private void convertArgument(String parameter) {
        char type = parameter.charAt(0);
        if (type == 'L') {
            operation(CHECKCAST, classConstant(parameter.substring(1, parameter.length() - 1)));
        } else if (type == '[') {
            operation(CHECKCAST, classConstant(parameter));
        } else {
            String signature = "(Ljava/lang/Object;)".concat(parameter);
            invoke(INVOKESTATIC, method(CONSTANT_METHOD, classConstant(BASE), primitive(type).concat("Of"), signature));
        }
    }

    private void boxResult(char type) {
        if (type == 'V') {
            code.writeByte(ACONST_NULL);
        } else if (type != 'L' && type != '[') {
            String box = box(type);
            String signature = "(".concat(String.valueOf(type)).concat(")L").concat(box).concat(";");
            invoke(INVOKESTATIC, method(CONSTANT_METHOD, classConstant(box), "valueOf", signature));
        }
    }

    private static String primitive(char type) {
        switch (type) {
            case 'I':
                return "int";
            case 'J':
                return "long";
            case 'D':
                return "double";
            case 'F':
                return "float";
            case 'Z':
                return "boolean";
            case 'B':
                return "byte";
            case 'S':
                return "short";
            case 'C':
                return "char";
            default:
                throw new SerializationException("the message is corrupt: there is no type ".concat(String.valueOf(type)));
        }
    }

    private static String box(char type) {
        if (type == 'I') {
            return "java/lang/Integer";
        }
        if (type == 'C') {
            return "java/lang/Character";
        }
        String name = primitive(type);
        return "java/lang/".concat(name.substring(0, 1).toUpperCase(Locale.ROOT)).concat(name.substring(1));
    }

    private void operation(int opcode, int operand) {
        code.writeByte(opcode);
        code.writeShort(operand);
    }

    private void invoke(int opcode, int method) {
        operation(opcode, method);
    }

    /** Adds a method with the code so far, which then begins anew. */
    private void endMethod(int access, String methodName, String descriptor, int codeName) {
        methods.writeShort(access);
        methods.writeShort(text(methodName));
        methods.writeShort(text(descriptor));
        methods.writeShort(1);
        methods.writeShort(codeName);
        methods.writeInt(code.length() + 12);
        methods.writeShort(2 * argumentCount + 4);
        methods.writeShort(2);
        methods.writeInt(code.length());
        methods.write(code);
        methods.writeShort(0);
        methods.writeShort(0);
        code.reset();
    }

    private int text(String value) {
        pool.writeByte(CONSTANT_UTF8);
        pool.writeText(value);
        return constants++;
    }

    private int classConstant(String internalName) {
        int text = text(internalName);
        pool.writeByte(CONSTANT_CLASS);
        pool.writeShort(text);
        return constants++;
    }

    private int method(int tag, int typeConstant, String methodName, String descriptor) {
        int nameText = text(methodName);
        int descriptorText = text(descriptor);
        pool.writeByte(CONSTANT_NAME_AND_TYPE);
        pool.writeShort(nameText);
        pool.writeShort(descriptorText);
        int nameAndType = constants++;
        pool.writeByte(tag);
        pool.writeShort(typeConstant);
        pool.writeShort(nameAndType);
        return constants++;
    }

    /** Not a DataOutputStream, which brings up method handles at its first use since JDK 21. */
    private static final class ByteSink {
        private byte[] bytes = new byte[512];
        private int length;

        int length() {
            return length;
        }

        void reset() {
            length = 0;
        }

        void writeByte(int value) {
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * length);
            }
            bytes[length++] = (byte) value;
        }

        void writeShort(int value) {
            writeByte(value >> 8);
            writeByte(value);
        }

        void writeInt(int value) {
            writeShort(value >> 16);
            writeShort(value);
        }

        /** Length and text in the class file's kind of UTF-8. */
        void writeText(String text) {
            int start = length;
            writeShort(0);
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c != 0 && c < 0x80) {
                    writeByte(c);
                } else if (c < 0x800) {
                    writeByte(0xC0 | c >> 6);
                    writeByte(0x80 | c & 0x3F);
                } else {
                    writeByte(0xE0 | c >> 12);
                    writeByte(0x80 | c >> 6 & 0x3F);
                    writeByte(0x80 | c & 0x3F);
                }
            }
            int count = length - start - 2;
            if (count > 0xFFFF) {
                throw new SerializationException("the message is corrupt: a name has more than 64 KiB");
            }
            bytes[start] = (byte) (count >> 8);
            bytes[start + 1] = (byte) count;
        }

        void write(ByteSink other) {
            for (int i = 0; i < other.length; i++) {
                writeByte(other.bytes[i]);
            }
        }

        byte[] toByteArray() {
            return Arrays.copyOf(bytes, length);
        }
    }
}
