package io.vmrpc.guest.file;

import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The locks of this process by file: they are held on behalf of the whole process, so two that overlap are a mistake. Thread-safe. */
final class LockTable {
    private final Map<Object, List<VmFileLock>> locks = new HashMap<>();

    /** Gets a lock from the host. */
    @FunctionalInterface
    interface Acquiring {
        boolean acquire(VmFileLock lock) throws IOException;
    }

    /** Whether the lock was got; it stands in the table from before it is asked for. */
    boolean acquire(final VmFileLock lock, final Acquiring acquiring) throws IOException {
        add(lock);
        boolean isLocked = false;
        try {
            isLocked = acquiring.acquire(lock);
        } finally {
            if (!isLocked) {
                remove(lock);
            }
        }
        return isLocked;
    }

    private static Object key(final VmFileLock lock) {
        return lock.file().handle().attributes().fileKey();
    }

    private synchronized void add(final VmFileLock lock) {
        final List<VmFileLock> held = locks.computeIfAbsent(key(lock), key -> new ArrayList<>());
        if (held.stream().anyMatch(each -> each.overlaps(lock.position(), lock.size()))) {
            throw new OverlappingFileLockException();
        }
        held.add(lock);
    }

    synchronized void remove(final VmFileLock lock) {
        final List<VmFileLock> held = locks.get(key(lock));
        if (held != null) {
            held.remove(lock);
            if (held.isEmpty()) {
                locks.remove(key(lock));
            }
        }
    }

    synchronized void removeAll(final VmFileChannel channel) {
        locks.values().forEach(held -> held.removeIf(lock -> lock.file() == channel));
        locks.values().removeIf(List::isEmpty);
    }
}
