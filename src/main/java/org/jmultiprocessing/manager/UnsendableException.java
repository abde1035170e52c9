package org.jmultiprocessing.manager;

import org.jmultiprocessing.errors.SerializationException;

/** An argument of a call cannot be written; the call was not made. */
final class UnsendableException extends SerializationException {
    private static final long serialVersionUID = 1L;

    UnsendableException(SerializationException cause) {
        super(cause.getMessage(), cause.getCause());
    }
}
