package org.jmultiprocessing.manager;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Has more methods than its interface. */
final class CounterImplementation implements Counter {
    private static final CounterImplementation SHARED = new CounterImplementation();

    private final List<Integer> history = new ArrayList<>();
    private int sum;

    static Counter shared() {
        return SHARED;
    }

    @Override
    public synchronized int add(int number) {
        sum += number;
        history.add(number);
        return sum;
    }

    @Override
    public synchronized long add(long number) {
        return add((int) number) * 1_000_000_000_000L;
    }

    @Override
    public synchronized List<Integer> history() {
        return new ArrayList<>(history);
    }

    @Override
    public Counter fork() {
        return new CounterImplementation();
    }

    @Override
    public void fail(String message) throws IOException {
        throw new IOException(message);
    }

    @Override
    public void block() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    @Override
    public Object unsendable() {
        return new Object();
    }

    @Override
    public Counter self() {
        return this;
    }

    public int notOfTheInterface() {
        throw new AssertionError("called from outside");
    }

    @Override
    public String toString() {
        return "Counter at " + sum;
    }
}
