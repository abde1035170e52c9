package org.jmultiprocessing.manager;

import java.util.HashMap;
import java.util.Map;
import org.jmultiprocessing.internal.os.RandomBytes;

/** The objects of a server that some client refers to. Each use of it is synchronized on it. */
final class Table {
    private final Map<Long, ServerObject> objects = new HashMap<>();
    private final Map<Referent, ServerObject> byReferent = new HashMap<>();
    private final Map<Long, Ticket> tickets = new HashMap<>();
    private long last;

    /** Keeps an object alive for a proxy that is under way. */
    private record Ticket(ServerObject object, Session sender) { }

    /** The object under which a referent is known, or a new one, to which nobody refers yet. */
    synchronized ServerObject object(Referent referent) {
        ServerObject known = byReferent.get(referent);
        return known != null ? known : new ServerObject(++last, referent);
    }

    synchronized void refer(ServerObject object) {
        if (object.addReferences(1) == 1) {
            objects.put(object.number(), object);
            byReferent.put(object.referent(), object);
        }
    }

    synchronized void unrefer(ServerObject object, int count) {
        if (object.addReferences(-count) == 0) {
            objects.remove(object.number());
            byReferent.remove(object.referent(), object);
        }
    }

    synchronized ServerObject get(long number) {
        ServerObject object = objects.get(number);
        if (object == null) {
            throw new IllegalArgumentException("object " + number + " of the manager is gone: nobody referred to it any more");
        }
        return object;
    }

    synchronized long issue(ServerObject object, Session sender) {
        long ticket = RandomBytes.nextLong();
        tickets.put(ticket, new Ticket(object, sender));
        refer(object);
        return ticket;
    }

    synchronized boolean isIssued(long ticket, ServerObject object) {
        Ticket issued = tickets.get(ticket);
        return issued != null && issued.object == object;
    }

    /** The proxy has arrived, and counts from now on itself. A proxy that was written once may be read more than once. */
    synchronized void redeem(long ticket) {
        Ticket issued = tickets.remove(ticket);
        if (issued != null) {
            unrefer(issued.object, 1);
        }
    }

    synchronized void forgetTickets(Session sender) {
        tickets.values().removeIf(ticket -> {
            if (ticket.sender != sender) {
                return false;
            }
            unrefer(ticket.object, 1);
            return true;
        });
    }

    synchronized int size() {
        return objects.size();
    }
}
