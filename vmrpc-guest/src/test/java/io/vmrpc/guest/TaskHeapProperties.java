package io.vmrpc.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** {@link TaskHeap} against a list that is searched. */
class TaskHeapProperties {
    private static final int DEADLINES = 8;
    private final TaskLoop loop = new TaskLoop(Waiting.spinning(), () -> { });

    private ScheduledTask<?> task(final long number, final long deadlineNs) {
        return new ScheduledTask<>(loop, Executors.callable(() -> { }), number, deadlineNs, 0);
    }

    /** Each step adds, takes the first or removes any; base lies where nanoTime wraps around, or elsewhere. */
    @Property(tries = 300)
    void firstIsAlwaysTheEarliestOfThoseSubmittedFirst(@ForAll final long base,
        @ForAll @Size(max = 300) final List<@IntRange(min = 0, max = 999) Integer> steps) {
        final TaskHeap heap = new TaskHeap();
        final List<ScheduledTask<?>> model = new ArrayList<>();
        final List<Long> deadlines = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            final int step = steps.get(i);
            if (step % 3 != 0) {
                final ScheduledTask<?> task = task(i, base + step % DEADLINES);
                heap.add(task);
                model.add(task);
                deadlines.add((long)(step % DEADLINES));
            } else if (!model.isEmpty()) {
                final int index = step % 2 == 0 ? earliest(deadlines) : step % model.size();
                deadlines.remove(index);
                final ScheduledTask<?> task = model.remove(index);
                heap.remove(task);
                heap.remove(task); // a second time does nothing
                assertEquals(TaskHeap.NOWHERE, task.heapIndex);
            }
            assertSame(model.isEmpty() ? null : model.get(earliest(deadlines)), heap.first());
            assertEquals(model.size(), heap.size());
        }
    }

    /** The model is in order of submission, so of equal ones the first. */
    private static int earliest(final List<Long> deadlines) {
        int best = 0;
        for (int i = 1; i < deadlines.size(); i++) {
            best = deadlines.get(i) < deadlines.get(best) ? i : best;
        }
        return best;
    }

    @Property(tries = 50)
    void removeIfLeavesAHeap(@ForAll @Size(max = 200) final List<@IntRange(min = 0, max = 99) Integer> deadlines) {
        final TaskHeap heap = new TaskHeap();
        for (int i = 0; i < deadlines.size(); i++) {
            heap.add(task(i, deadlines.get(i)));
        }
        heap.removeIf(task -> task.deadlineNs() % 2 == 0);
        final List<Integer> left = new ArrayList<>();
        while (!heap.isEmpty()) {
            left.add((int)heap.first().deadlineNs());
            heap.remove(heap.first());
        }
        assertEquals(deadlines.stream().filter(each -> each % 2 != 0).sorted().toList(), left);
    }

    /** Whatever is asked for, the deadlines of one heap are near enough for their differences to keep their sign. */
    @Property
    void anyDelayGivesAComparableDeadline(@ForAll final long delayNs, @ForAll @IntRange(min = 0, max = 1_000_000_000) final int overdueNs) {
        final long before = System.nanoTime();
        final long deadlineNs = ScheduledTask.deadlineAfter(delayNs);
        assertTrue(deadlineNs - before >= Math.max(0, Math.min(delayNs, ScheduledTask.LONGEST_NS)));
        assertTrue(task(0, before - overdueNs).compareTo(task(1, deadlineNs)) < 0 || overdueNs == 0 && delayNs <= 0);
    }
}
