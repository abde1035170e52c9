package org.jmultiprocessing.internal.wire;

/** What begins an encoded value, and what begins each part of it. The numbers are the format: they do not change within a {@link #VERSION}. */
final class Tag {
    /** First byte of every value: it begins no pickle (0x80 or a letter), no Java object stream (0xAC), and no UTF-8 text. */
    static final int MAGIC = 0xC1;
    /** Second byte. */
    static final int VERSION = 1;
    /** Added to the second byte if four bytes follow that say where, from the first byte on, the table of transferables begins. */
    static final int HAS_TRANSFERS = 0x80;
    /** How long the header is then. */
    static final int TRANSFERS_HEADER = 6;

    /** Bytes of magic, version and tag of a value without transferables. */
    static final int BEFORE_CONTENT = 3;

    static final int NULL = 0;
    static final int TRUE = 1;
    static final int FALSE = 2;
    static final int BYTE = 3;
    static final int SHORT = 4;
    static final int CHAR = 5;
    static final int INT = 6;
    static final int LONG = 7;
    static final int FLOAT = 8;
    static final int DOUBLE = 9;
    static final int STRING = 10;

    static final int BOOLEANS = 16;
    static final int BYTES = 17;
    static final int SHORTS = 18;
    static final int CHARS = 19;
    static final int INTS = 20;
    static final int LONGS = 21;
    static final int FLOATS = 22;
    static final int DOUBLES = 23;

    static final int OBJECTS = 32;
    static final int STRINGS = 33;
    static final int ARRAY_LIST = 34;
    static final int LIST_OF = 35;
    static final int ARRAY_AS_LIST = 36;
    static final int HASH_MAP = 37;
    static final int LINKED_HASH_MAP = 38;
    static final int MAP_OF = 39;
    static final int HASH_SET = 40;
    static final int LINKED_HASH_SET = 41;
    static final int SET_OF = 42;

    /** Objects that are boxed numbers of one type: an array of primitives follows. */
    static final int BOXED = 43;

    static final int TRANSFER = 48;
    static final int FUNCTION = 49;
    static final int JAVA = 50;
    /** A function with the classes that a process may lack before it. */
    static final int SHIPPED_FUNCTION = 51;

    /** How deeply compact values nest; what nests deeper goes by Java serialization. */
    static final int MAX_DEPTH = 100;

    private Tag() { }
}
