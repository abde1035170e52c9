package org.jmultiprocessing.manager;

/** Where the result of a method goes. Without a word from the method it is null. */
interface Reply {
    /** It is this value, as it is now: written before this returns. */
    void value(Object value);

    /** It is a proxy of this object. */
    void object(ServerObject object);

    /** If the result cannot be delivered, this item is to be given back: {@link Referent#giveBack}. Called before {@link #value}. */
    void taken(Referent from, Object item);
}
