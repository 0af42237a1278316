package io.vmrpc.host.service;

import java.util.Arrays;

/**
 * What a session has opened, by id: an index and a generation, so that a stale one names no later thing. Shard's thread only.
 *
 * @param <T> sockets, or files.
 */
public final class IdTable<T> {
    private static final int INDEX_BITS = 16;
    private static final int MAX_GENERATION = 0x7fff;
    private final int limit;
    private Object[] things = new Object[16];
    private int[] generations = new int[16];
    private int[] free = new int[16];
    private int freeCount;
    private int used;

    /**
     * Begins empty.
     *
     * @param limit of how many there may be at a time, 0 to 65,536.
     */
    public IdTable(final int limit) {
        this.limit = Math.min(limit, 1 << INDEX_BITS);
    }

    /**
     * Whether the limit is reached.
     *
     * @return true if {@link #reserve} must not be called.
     */
    public boolean isFull() {
        return used - freeCount >= limit;
    }

    /**
     * How many there are.
     *
     * @return 0 to the limit.
     */
    public int count() {
        return used - freeCount;
    }

    /**
     * The id of a thing to come; {@link #put} or {@link #remove} must follow. The table must not be full.
     *
     * @return never 0.
     */
    public int reserve() {
        if (freeCount > 0) {
            final int index = free[--freeCount];
            return generations[index] << INDEX_BITS | index;
        }
        if (used == things.length) {
            things = Arrays.copyOf(things, used * 2);
            generations = Arrays.copyOf(generations, used * 2);
            free = Arrays.copyOf(free, used * 2);
        }
        generations[used] = 1;
        return 1 << INDEX_BITS | used++;
    }

    /**
     * Fills a place.
     *
     * @param id that {@link #reserve} gave.
     * @param thing that it names from now on.
     */
    public void put(final int id, final T thing) {
        things[id & 0xffff] = thing;
    }

    /**
     * Looks a thing up.
     *
     * @param id from a guest, any number.
     * @return null if it names none.
     */
    public T find(final int id) {
        final int index = id & 0xffff;
        return index < used && generations[index] == id >>> INDEX_BITS ? at(index) : null;
    }

    /**
     * Frees a place.
     *
     * @param id that {@link #reserve} gave.
     */
    public void remove(final int id) {
        final int index = id & 0xffff;
        things[index] = null;
        generations[index] = generations[index] == MAX_GENERATION ? 1 : generations[index] + 1;
        free[freeCount++] = index;
    }

    /**
     * For whoever wants all.
     *
     * @param index 0 to {@link #end} - 1.
     * @return null where there is none.
     */
    @SuppressWarnings("unchecked") // put() takes nothing else
    public T at(final int index) {
        return (T)things[index];
    }

    /**
     * Where the indices end.
     *
     * @return 0 or more.
     */
    public int end() {
        return used;
    }
}
