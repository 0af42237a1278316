package io.vmrpc.guest;

import java.util.Arrays;
import java.util.function.Predicate;

/**
 * The tasks of a scheduler by deadline, those of equal deadlines in the order in which they were submitted: a binary heap in which each
 * task knows its place, so that one that is cancelled leaves in logarithmic time. Allocates only to grow. Used by one thread at a time.
 */
final class TaskHeap {
    /** The index of a task that is in no heap. */
    static final int NOWHERE = -1;
    private ScheduledTask<?>[] tasks = new ScheduledTask<?>[64];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** The next one, or null. */
    ScheduledTask<?> first() {
        return tasks[0];
    }

    void add(final ScheduledTask<?> task) {
        if (size == tasks.length) {
            tasks = Arrays.copyOf(tasks, 2 * size);
        }
        siftUp(size++, task);
    }

    /** Takes a task out; does nothing if it is not here. */
    void remove(final ScheduledTask<?> task) {
        final int at = task.heapIndex;
        if (at == NOWHERE) {
            return;
        }
        task.heapIndex = NOWHERE;
        final ScheduledTask<?> last = tasks[--size];
        tasks[size] = null;
        if (last != task) {
            siftDown(at, last);
            if (tasks[at] == last) { // it is no later than what is below; it may be earlier than what is above
                siftUp(at, last);
            }
        }
    }

    /** Takes out what the condition holds for. It may cancel tasks, but must not change their deadlines. */
    void removeIf(final Predicate<ScheduledTask<?>> condition) {
        final ScheduledTask<?>[] all = tasks;
        final int count = size;
        tasks = new ScheduledTask<?>[all.length];
        size = 0;
        for (int i = 0; i < count; i++) {
            all[i].heapIndex = NOWHERE;
            if (!condition.test(all[i])) {
                add(all[i]);
            }
        }
    }

    private void siftUp(final int from, final ScheduledTask<?> task) {
        int at = from;
        while (at > 0 && task.compareTo(tasks[(at - 1) >>> 1]) < 0) {
            put(at, tasks[(at - 1) >>> 1]);
            at = (at - 1) >>> 1;
        }
        put(at, task);
    }

    private void siftDown(final int from, final ScheduledTask<?> task) {
        int at = from;
        for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && tasks[child + 1].compareTo(tasks[child]) < 0) {
                child++;
            }
            if (task.compareTo(tasks[child]) <= 0) {
                break;
            }
            put(at, tasks[child]);
            at = child;
        }
        put(at, task);
    }

    private void put(final int at, final ScheduledTask<?> task) {
        tasks[at] = task;
        task.heapIndex = at;
    }
}
