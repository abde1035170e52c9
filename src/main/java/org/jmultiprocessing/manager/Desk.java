package org.jmultiprocessing.manager;

import java.util.Map;
import org.jmultiprocessing.errors.ManagerException;

/** What a server itself does for its clients: object 0, which everybody who is let in may call. */
final class Desk extends Referent {
    static final int CREATE = 1;
    static final int CREATE_OWN = 2;
    static final int ADOPT = 3;
    static final int HAND_OUT = 4;
    static final int STOP = 5;
    static final int NUMBER_OF_OBJECTS = 6;
    static final int PUBLISH = 7;
    static final int LOOK_UP = 8;
    /** By a connection for calls, see {@link SharedTransport}. */
    static final int SHARE = 9;

    private final Server server;

    Desk(Server server) {
        super(Description.of(Kind.NAMESPACE));
        this.server = server;
    }

    @Override
    void call(int method, Object[] arguments, Caller caller, Reply reply) throws Exception {
        Session session = caller.session();
        switch (method) {
            case CREATE:
                reply.object(server.table().object(create(Kind.of(Arguments.integer(arguments, 0)), arguments, caller)));
                break;
            case CREATE_OWN:
                createOwn(server.types().named(Arguments.text(arguments, 0)), reply);
                break;
            case ADOPT:
                server.adopt(Arguments.number(arguments, 0), Arguments.number(arguments, 1), session);
                break;
            case HAND_OUT:
                reply.value(server.handOut(session.object(Arguments.number(arguments, 0)), session));
                break;
            case STOP:
                requireOwnTree(session);
                server.stop();
                break;
            case NUMBER_OF_OBJECTS:
                reply.value(server.table().size());
                break;
            case PUBLISH:
                requireOwnTree(session);
                publish(Arguments.text(arguments, 0), arguments[1]);
                break;
            case LOOK_UP:
                reply.object(server.table().object(lookUp(Arguments.text(arguments, 0))));
                break;
            case SHARE:
                requireOwnTree(session);
                reply.value(caller.share(Arguments.text(arguments, 0)));
                break;
            default:
                throw unknown(method);
        }
    }

    private static void requireOwnTree(Session session) {
        if (!session.access().ownTree()) {
            throw new UnsupportedOperationException("only the processes of the manager's own tree may do that");
        }
    }

    private Referent create(Kind kind, Object[] arguments, Caller caller) {
        switch (kind) {
            case DICT:
                return new DictReferent(arguments[1]);
            case LIST:
                return new ListReferent(arguments[1]);
            case SET:
                return new SetReferent(arguments[1]);
            case QUEUE:
                return new QueueReferent(Arguments.integer(arguments, 1), false);
            case JOINABLE_QUEUE:
                return new QueueReferent(Arguments.integer(arguments, 1), true);
            case EVENT:
                return new EventReferent();
            case LOCK:
                return new LockReferent(false);
            case RLOCK:
                return new LockReferent(true);
            case SEMAPHORE:
                return new SemaphoreReferent(Arguments.integer(arguments, 1), false);
            case BOUNDED_SEMAPHORE:
                return new SemaphoreReferent(Arguments.integer(arguments, 1), true);
            case CONDITION:
                return new ConditionReferent(lockOf(arguments[1]));
            case BARRIER:
                Object action = arguments[2];
                return new BarrierReferent(Arguments.integer(arguments, 1), action == null ? null : Arguments.task(arguments, 2, caller));
            case NAMESPACE:
                return new NamespaceReferent(arguments[1]);
            case VALUE:
                return new ValueReferent(arguments[1]);
            case ARRAY:
                return new ArrayReferent(arguments[1]);
            case POOL:
                return new PoolReferent(Arguments.integer(arguments, 1), arguments[2] == null ? null : Arguments.task(arguments, 2, caller));
            default:
                throw new IllegalArgumentException("objects of one's own are made by the name under which their type was registered");
        }
    }

    private ServerObject lockOf(Object argument) {
        if (argument == null) {
            return server.table().object(new LockReferent(true));
        }
        if (Proxies.handleOf(argument) instanceof LocalHandle handle && handle.home() == server
                && handle.target().referent() instanceof LockReferent) {
            return handle.target();
        }
        throw new IllegalArgumentException("the lock of a condition is a lock or rlock of the same manager");
    }

    private void createOwn(Types.Type type, Reply reply) throws Exception {
        Object made = type.factory().call();
        if (made == null) {
            throw new ManagerException("the factory of type '" + type.name() + "' returned null", null, null);
        }
        if (Proxies.handleOf(made) != null) {
            reply.value(made);
        } else {
            reply.object(server.table().object(new OwnReferent(made, type.exposed())));
        }
    }

    private void publish(String name, Object proxy) {
        if (!(Proxies.handleOf(proxy) instanceof LocalHandle handle) || handle.home() != server) {
            throw new IllegalArgumentException("what is published under '" + name + "' is a proxy of an object of the same manager");
        }
        server.publish(name, handle.target().referent());
    }

    private Referent lookUp(String name) {
        Referent found = server.published(name);
        if (found == null) {
            throw new IllegalArgumentException("the manager has published nothing under '" + name + "'");
        }
        return found;
    }

    @Override
    String text() {
        return "Manager" + Map.of("objects", server.table().size(), "clients", server.sessionCount());
    }
}
