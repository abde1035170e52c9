package org.jmultiprocessing.manager;

import org.jmultiprocessing.spi.Transferable;

/** Proxies of handles, and the other way round. */
final class Proxies {
    private Proxies() { }

    static Object of(Handle handle) {
        switch (handle.description().kind()) {
            case DICT:
                return new DictProxy<>(handle);
            case LIST:
                return new ListProxy<>(handle);
            case SET:
                return new SetProxy<>(handle);
            case QUEUE:
                return new QueueProxy<>(handle);
            case JOINABLE_QUEUE:
                return new JoinableQueueProxy<>(handle);
            case EVENT:
                return new EventProxy(handle);
            case LOCK:
                return new LockProxy(handle);
            case RLOCK:
                return new RLockProxy(handle);
            case SEMAPHORE:
                return new SemaphoreProxy(handle);
            case BOUNDED_SEMAPHORE:
                return new BoundedSemaphoreProxy(handle);
            case CONDITION:
                return new ConditionProxy(handle);
            case BARRIER:
                return new BarrierProxy(handle);
            case NAMESPACE:
                return new NamespaceProxy(handle);
            case VALUE:
                return new ValueProxy<>(handle);
            case ARRAY:
                return new ArrayProxy<>(handle);
            case POOL:
                return new PoolProxy(handle);
            case RESULT:
                return new ResultProxy<>(handle);
            case RESULTS:
                return new ResultsProxy<>(handle);
            default:
                return OwnProxy.of(handle);
        }
    }

    /** The handle of a proxy; null of anything else. */
    static Handle handleOf(Object object) {
        if (object instanceof Transferable) {
            if (object instanceof ObjectProxy proxy) {
                return proxy.handle();
            } else if (object instanceof DictProxy<?, ?> dict) {
                return dict.handle();
            } else if (object instanceof ListProxy<?> list) {
                return list.handle();
            } else if (object instanceof SetProxy<?> set) {
                return set.handle();
            } else if (object instanceof QueueProxy<?> queue) {
                return queue.handle();
            }
            return null;
        }
        return OwnProxy.handleOf(object);
    }
}
