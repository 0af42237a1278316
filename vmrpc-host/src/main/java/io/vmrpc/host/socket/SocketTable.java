package io.vmrpc.host.socket;

import java.util.Arrays;

/** A session's sockets by id. An id is an index and a generation, so that a stale one names no later socket. */
final class SocketTable {
    private static final int INDEX_BITS = 16;
    private static final int MAX_GENERATION = 0x7fff;
    private final int limit;
    private HostSocket[] sockets = new HostSocket[16];
    private int[] generations = new int[16];
    private int[] free = new int[16];
    private int freeCount;
    private int used;

    /** limit: 0 to 65,536 sockets. */
    SocketTable(final int limit) {
        this.limit = Math.min(limit, 1 << INDEX_BITS);
    }

    boolean isFull() {
        return used - freeCount >= limit;
    }

    int count() {
        return used - freeCount;
    }

    /** The id of a socket to come; {@link #put} or {@link #remove} must follow. The table must not be full. */
    int reserve() {
        if (freeCount > 0) {
            final int index = free[--freeCount];
            return generations[index] << INDEX_BITS | index;
        }
        if (used == sockets.length) {
            sockets = Arrays.copyOf(sockets, used * 2);
            generations = Arrays.copyOf(generations, used * 2);
            free = Arrays.copyOf(free, used * 2);
        }
        generations[used] = 1;
        return 1 << INDEX_BITS | used++;
    }

    void put(final int id, final HostSocket socket) {
        sockets[id & 0xffff] = socket;
    }

    /** The socket, or null if the id names none. */
    HostSocket find(final int id) {
        final int index = id & 0xffff;
        return index < used && generations[index] == id >>> INDEX_BITS ? sockets[index] : null;
    }

    void remove(final int id) {
        final int index = id & 0xffff;
        sockets[index] = null;
        generations[index] = generations[index] == MAX_GENERATION ? 1 : generations[index] + 1;
        free[freeCount++] = index;
    }

    /** Sockets by index, with gaps; those of one index or more. */
    HostSocket at(final int index) {
        return sockets[index];
    }

    int end() {
        return used;
    }
}
