package org.jmultiprocessing.manager;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

/** Goes through what the server sent at one instant; removing is a call of its own. */
final class Snapshots<E> implements Iterator<E> {
    private final Iterator<? extends E> elements;
    private final Consumer<? super E> remover;
    private E last;
    private boolean removable;

    Snapshots(Iterable<? extends E> elements, Consumer<? super E> remover) {
        this.elements = elements.iterator();
        this.remover = remover;
    }

    @Override
    public boolean hasNext() {
        return elements.hasNext();
    }

    @Override
    public E next() {
        if (!elements.hasNext()) {
            throw new NoSuchElementException();
        }
        last = elements.next();
        removable = true;
        return last;
    }

    @Override
    public void remove() {
        if (!removable) {
            throw new IllegalStateException("next has not been called, or the element is removed already");
        }
        removable = false;
        remover.accept(last);
    }

    /** A list as the server sent it. */
    @SuppressWarnings("unchecked") // Only what was put in comes out.
    static <T> List<T> list(Object answer) {
        return (List<T>) answer;
    }
}
