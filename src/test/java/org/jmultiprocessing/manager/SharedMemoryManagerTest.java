package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.jmultiprocessing.errors.ManagerException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.process.Process;
import org.jmultiprocessing.sharedmemory.ShareableList;
import org.jmultiprocessing.sharedmemory.SharedMemory;
import org.junit.jupiter.api.Test;

/** All that it made is gone with it. */
class SharedMemoryManagerTest {
    static void change(SharedMemory memory, ShareableList list) {
        memory.put(0, new byte[] {42});
        list.set(0, 2);
        memory.close();
        list.close();
    }

    @Test
    void whatItMadeIsSharedAndGoesWithIt() throws Exception {
        SharedMemoryManager manager = new SharedMemoryManager();
        SharedMemory memory = manager.sharedMemory(100);
        ShareableList list = manager.shareableList(List.of(1, "two"));
        try (Process child = new Process(SharedMemoryManagerTest::change, memory, list)) {
            child.start();
            child.join();
        }
        byte[] first = new byte[1];
        memory.get(0, first);
        assertEquals(42, first[0]);
        assertEquals(List.of(2L, "two"), List.copyOf(list));
        manager.close();
        manager.shutdown();
        assertEquals("ENOENT", assertThrows(OsException.class, () -> SharedMemory.attach(memory.name())).errnoName());
        assertEquals("ENOENT", assertThrows(OsException.class, () -> ShareableList.attach(list.shm().name())).errnoName());
        assertEquals("Manager has shut down", assertThrows(ManagerException.class, () -> manager.sharedMemory(1)).getMessage());
    }

    @Test
    void whatTheUserRemovedIsNoError() {
        try (SharedMemoryManager manager = new SharedMemoryManager()) {
            SharedMemory memory = manager.sharedMemory(1);
            memory.close();
            memory.unlink();
        }
    }
}
