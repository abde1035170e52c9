package org.jmultiprocessing.internal.os;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/**
 * A native wait that {@link Thread#interrupt} can end. It is an {@link AbstractSelector} because that class's {@code begin} and {@code end} are the
 * only public way to be called by {@code Thread.interrupt}; as a selector it does nothing.
 */
abstract class InterruptibleWait extends AbstractSelector implements Wakeable {
    InterruptibleWait() {
        super(null);
    }

    @Override
    public Selector wakeup() {
        wake();
        return this;
    }

    @Override
    protected void implCloseSelector() throws IOException {
        throw new IOException("a wait is never closed");
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
        throw new UnsupportedOperationException("not a real selector");
    }

    @Override
    public Set<SelectionKey> keys() {
        throw new UnsupportedOperationException("not a real selector");
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        throw new UnsupportedOperationException("not a real selector");
    }

    @Override
    public int selectNow() {
        throw new UnsupportedOperationException("not a real selector");
    }

    @Override
    public int select(long timeout) {
        throw new UnsupportedOperationException("not a real selector");
    }

    @Override
    public int select() {
        throw new UnsupportedOperationException("not a real selector");
    }
}
