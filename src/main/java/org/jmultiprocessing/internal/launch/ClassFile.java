package org.jmultiprocessing.internal.launch;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * The names in the constant pool of a class file (JVMS 4.4): of classes that it refers to, by reference, by descriptor or in an annotation; and its
 * strings that could be the name of a class, for {@code Class.forName}.
 *
 * @param classes names of classes, with dots
 * @param strings names that strings hold, with dots
 */
record ClassFile(Set<String> classes, Set<String> strings) {
    private static final int MAGIC = 0xcafebabe;

    /**
     * @param bytes a class file
     * @return its names
     * @throws IOException if it is cut or of an unknown form
     */
    static ClassFile read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        if (in.readInt() != MAGIC) {
            throw new IOException("no class file");
        }
        in.readInt();
        int count = in.readUnsignedShort();
        String[] texts = new String[count];
        int[] references = new int[count];
        boolean[] ofClass = new boolean[count];
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> texts[i] = in.readUTF();
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.readInt();
                case 5, 6 -> {
                    in.readLong();
                    // Takes two numbers, by a decision that its makers regret.
                    i++;
                }
                case 7, 8 -> {
                    references[i] = in.readUnsignedShort();
                    ofClass[i] = tag == 7;
                }
                case 16, 19, 20 -> in.readUnsignedShort();
                case 15 -> {
                    in.readUnsignedByte();
                    in.readUnsignedShort();
                }
                default -> throw new IOException("unknown constant " + tag);
            }
        }
        return names(texts, references, ofClass);
    }

    private static ClassFile names(String[] texts, int[] references, boolean[] ofClass) {
        Set<String> classes = new HashSet<>();
        Set<String> strings = new HashSet<>();
        for (int i = 1; i < texts.length; i++) {
            if (references[i] != 0) {
                String text = texts[references[i]];
                if (!ofClass[i]) {
                    if (isName(text, '.')) {
                        strings.add(text);
                    }
                } else if (text.startsWith("[")) {
                    addOfDescriptor(text, classes);
                } else {
                    classes.add(text.replace('/', '.'));
                }
            } else if (texts[i] != null) {
                addOfDescriptor(texts[i], classes);
            }
        }
        return new ClassFile(classes, strings);
    }

    /** Every text is tried: which ones are descriptors is said all over the file, and one that merely looks like a descriptor does no harm. */
    private static void addOfDescriptor(String text, Set<String> classes) {
        for (int start = text.indexOf('L'); start >= 0; start = text.indexOf('L', start + 1)) {
            int end = start + 1;
            while (end < text.length() && text.charAt(end) != ';' && text.charAt(end) != '<') {
                end++;
            }
            String name = text.substring(start + 1, end);
            if (end < text.length() && isName(name, '/')) {
                classes.add(name.replace('/', '.'));
            }
        }
    }

    private static boolean isName(String text, char separator) {
        boolean first = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == separator && !first) {
                first = true;
            } else if (first ? Character.isJavaIdentifierStart(c) : Character.isJavaIdentifierPart(c)) {
                first = false;
            } else {
                return false;
            }
        }
        return !first;
    }
}
