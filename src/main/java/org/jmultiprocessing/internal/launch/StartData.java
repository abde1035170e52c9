package org.jmultiprocessing.internal.launch;

import java.util.Collection;
import java.util.List;
import org.jmultiprocessing.internal.os.Descriptors;
import org.jmultiprocessing.internal.registry.Lineage;
import org.jmultiprocessing.internal.wire.ReceivedDescriptors;
import org.jmultiprocessing.internal.wire.Shipment;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;

/**
 * What a child reads first: a head of the launcher's, the task's own part, and the classes that the child cannot find itself. They come last because
 * only the writing of the task's part tells which ones they are. Owns the descriptors that travel along until it is closed. Belongs to one thread.
 *
 * <pre>
 * int magic, int layout version, int number of descriptors, int where the classes begin (0: none), int whether the child exits plainly,
 * long the process tree, string the task's class, task's part, classes
 * </pre>
 */
public final class StartData implements AutoCloseable {
    private static final int MAGIC = 0x4a4d5053;
    private static final int VERSION = 1;
    private static final int DESCRIPTORS_AT = 8;
    private static final int CLASSES_AT = 12;
    private static final int PLAIN_EXIT_AT = 16;

    static {
        Shipment.carriedBy(new ShipmentCarrier());
    }

    private final Descriptors descriptors = new Descriptors();
    private Collection<Class<?>> roots = List.of();
    private final WireOutput output = new WireOutput(descriptors::add);

    /** @param task class of the {@link ChildTask} that reads the task's part */
    public StartData(Class<? extends ChildTask> task) {
        output.writeInt(MAGIC);
        output.writeInt(VERSION);
        output.writeInt(0);
        output.writeInt(0);
        output.writeInt(0);
        output.writeLong(Lineage.id());
        output.writeString(task.getName());
    }

    /** @return takes the task's part */
    public WireOutput output() {
        return output;
    }

    /**
     * Adds the classes that the child needs and cannot find; nothing is written to {@link #output} afterwards.
     *
     * @param roots classes that the task's part refers to
     * @throws IllegalArgumentException naming a class that the child cannot be given
     */
    public void ship(Collection<Class<?>> roots) {
        this.roots = List.copyOf(roots);
        byte[] classes = ShippedClasses.collect(roots);
        if (classes != null) {
            output.setInt(CLASSES_AT, output.length());
            output.writeBytes(classes);
        }
    }

    /** The bytes for a child that is executed by a command. */
    byte[] bytes(JvmCommand command) {
        output.setInt(DESCRIPTORS_AT, descriptors.size());
        output.setInt(PLAIN_EXIT_AT, command.exitsPlainly() ? 1 : 0);
        return output.array();
    }

    Collection<Class<?>> roots() {
        return roots;
    }

    int length() {
        return output.length();
    }

    int[] descriptors() {
        return descriptors.toArray();
    }

    /** Closes this process's duplicates of what travels. */
    @Override
    public void close() {
        descriptors.close();
    }

    /** The child's side: reads the head, and leaves the task's part to the task. */
    static ChildStart read(byte[] bytes, ChildDescriptors inherited) {
        WireInput head = new WireInput(bytes, 0, bytes.length, null);
        if (head.readInt() != MAGIC || head.readInt() != VERSION) {
            throw new IllegalStateException("these are not the start data of this version of jmultiprocessing: parent and child need the same jar");
        }
        int[] raw = new int[head.readInt()];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = inherited.take(Launcher.TRANSFERRED + i);
        }
        int classesAt = head.readInt();
        boolean plainExit = head.readInt() == 1;
        Lineage.inherit(head.readLong(), inherited.take(Launcher.TREE_READER), inherited.take(Launcher.TREE_WRITER));
        String task = head.readString();
        ClassLoader loader = ClassLoader.getSystemClassLoader();
        int end = bytes.length;
        if (classesAt > 0) {
            end = classesAt;
            loader = ShippedClassLoader.of(new WireInput(bytes, classesAt, bytes.length - classesAt, null).readBytes(), loader);
        }
        ReceivedDescriptors descriptors = new ReceivedDescriptors(raw);
        return new ChildStart(task, plainExit, new WireInput(bytes, head.position(), end - head.position(), descriptors), descriptors, loader);
    }
}
