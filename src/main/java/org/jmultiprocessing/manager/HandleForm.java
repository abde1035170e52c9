package org.jmultiprocessing.manager;

import org.jmultiprocessing.errors.SerializationException;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.Trust;
import org.jmultiprocessing.spi.TransferInput;
import org.jmultiprocessing.spi.TransferOutput;
import org.jmultiprocessing.spi.Transferable;

/**
 * How a proxy travels. Between its server and a client: as the object's number, for which the server has counted a reference. Anywhere else within
 * the process tree: with the way to the server and a ticket, which keeps the object alive until the proxy arrives or its sender ends.
 */
final class HandleForm {
    static final ObjectCodec OWN_TREE = new ObjectCodec(Trust.OWN_TREE, null);

    private static final ObjectCodec FOREIGN = new ObjectCodec(Trust.FOREIGN, null);
    private static final int NUMBER = 0;
    private static final int WAY = 1;
    private static final int WAY_TO_OTHERS = 2;
    private static final int WAY_OVER_TLS = 3;

    private HandleForm() { }

    static void write(TransferOutput out, RemoteHandle handle) {
        Link link = handle.link();
        Exchange exchange = Exchange.current();
        if (exchange != null && exchange.link() == link) {
            writeNumber(out, handle);
            return;
        }
        long ticket = (Long) link.desk().call(Desk.HAND_OUT, handle.object());
        writeWay(out, handle, link.route(), ticket);
    }

    static void write(TransferOutput out, LocalHandle handle) {
        Server server = handle.home();
        Exchange exchange = Exchange.current();
        if (exchange != null && exchange.session() != null && exchange.session().server() == server) {
            exchange.session().grant(handle.target());
            writeNumber(out, handle);
            return;
        }
        writeWay(out, handle, server.treeRoute(), server.handOut(handle.target(), server.ownSession()));
    }

    private static void writeNumber(TransferOutput out, Handle handle) {
        out.writeInt(NUMBER);
        out.writeLong(handle.object());
        handle.description().write(out);
    }

    private static void writeWay(TransferOutput out, Handle handle, Route route, long ticket) {
        out.writeInt(route.tls() != null ? WAY_OVER_TLS : route.ownTree() ? WAY : WAY_TO_OTHERS);
        out.writeLong(handle.object());
        handle.description().write(out);
        out.writeLong(handle.server());
        out.writeLong(ticket);
        out.writeString(route.text());
        out.writeBytes(SealedKey.seal(route.key()));
    }

    static Handle read(TransferInput in) {
        int form = in.readInt();
        long object = in.readLong();
        Description description = Description.read(in);
        if (form == NUMBER) {
            return readNumber(object, description);
        }
        long server = in.readLong();
        long ticket = in.readLong();
        String address = in.readString();
        byte[] sealed = in.readBytes();
        if (!in.isFromOwnTree()) {
            throw new SerializationException("a manager's proxy travels within a process tree, and between its server and the clients of that");
        }
        Server here = Server.here(server);
        if (here != null) {
            return new LocalHandle(here, here.adopt(object, ticket, here.ownSession()));
        }
        try {
            Route route = form == WAY_OVER_TLS ? null : new Route(Route.parse(address), SealedKey.open(sealed), null, form == WAY);
            Link link = Link.to(server, route, form == WAY ? OWN_TREE : FOREIGN);
            link.desk().call(Desk.ADOPT, object, ticket);
            return new RemoteHandle(link, object, description);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SerializationException("interrupted while connecting to the manager that a proxy belongs to", e);
        }
    }

    private static Handle readNumber(long object, Description description) {
        Exchange exchange = Exchange.current();
        if (exchange == null) {
            throw new SerializationException("a manager's proxy came without the way to its server");
        }
        if (exchange.link() != null) {
            return new RemoteHandle(exchange.link(), object, description);
        }
        return new LocalHandle(exchange.session().server(), exchange.session().object(object));
    }

    /** Rebuilds proxies of one class. A class, not a lambda, because a fresh child meets it on its way to its first line. */
    static final class Reader<T extends Transferable> implements Transferable.Reader<T> {
        private final Class<T> type;

        Reader(Class<T> type) {
            this.type = type;
        }

        @Override
        public T readTransfer(TransferInput in) {
            Object proxy = Proxies.of(read(in));
            if (!type.isInstance(proxy)) {
                throw new SerializationException("what came as a " + type.getSimpleName() + " is a " + proxy.getClass().getSimpleName());
            }
            return type.cast(proxy);
        }
    }
}
