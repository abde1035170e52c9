package org.jmultiprocessing.pipe;

import org.jmultiprocessing.internal.os.Io;
import org.jmultiprocessing.internal.wire.ReceivedDescriptors;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.spi.Codec;

/** Makes an object of a message that has arrived; descriptors that came with it and belong to nothing in it are closed. */
final class Incoming {
    private Incoming() { }

    static Object decode(FrameReader.Message message, Codec codec) {
        byte[] payload = message.payload();
        if (message.descriptors().length == 0) {
            return codec.decode(new WireInput(payload, 0, payload.length, null));
        }
        ReceivedDescriptors descriptors = new ReceivedDescriptors(message.descriptors());
        try {
            return codec.decode(new WireInput(payload, 0, payload.length, descriptors));
        } finally {
            int[] rest = descriptors.takeRest();
            Io.close(rest, 0, rest.length);
        }
    }
}
