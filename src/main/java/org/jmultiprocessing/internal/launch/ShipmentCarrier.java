package org.jmultiprocessing.internal.launch;

import org.jmultiprocessing.internal.wire.Shipment;

/** Ships classes with messages as with start data. */
final class ShipmentCarrier implements Shipment.Carrier {
    @Override
    public byte[] collect(Iterable<Class<?>> roots) {
        ForkServer.refer(roots);
        return ShippedClasses.collect(roots);
    }

    @Override
    public ClassLoader load(byte[] block, ClassLoader parent) {
        return ShippedClassLoader.of(block, parent);
    }
}
