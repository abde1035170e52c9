package org.jmultiprocessing.internal.wire;

import java.io.IOException;
import org.jmultiprocessing.errors.SerializationException;

/** Makes functions of classes in other modules, in which no {@link GeneratedCall} can be made: the JDK makes a lambda, as the class itself would. */
final class OtherModules {
    private OtherModules() { }

    static Object link(FunctionForm form, ClassLoader loader) {
        WireOutput bytes = new WireOutput(DescriptorCarrier.bytesOnly("memory"));
        TransferTable transfers = new TransferTable();
        try (JavaWriter writer = new JavaWriter(bytes, transfers)) {
            writer.writeObject(form.serialized(loader));
        } catch (IOException e) {
            throw new SerializationException("the function " + form.implName() + " of " + form.implClass().replace('/', '.')
                + " cannot be made in this process: " + e.getMessage(), e);
        }
        return JavaReader.read(new WireInput(bytes.array(), 0, bytes.length(), null), Trust.OWN_TREE, loader, transfers.entries());
    }
}
