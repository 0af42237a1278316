package io.vmrpc.guest;

import io.vmrpc.park.Parker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the owner of a scheduler's vCPU does: take what others put into the inbox, run what is due, park until the next deadline.
 *
 * <p>The heap is guarded by {@code turn}, which the owner holds between two tasks and never while it runs one or parks. Other threads take
 * it to shut down, and for nothing else: whoever submits or cancels only puts an entry into the inbox. It is fair, so that an owner that
 * takes it again and again cannot keep them out.
 */
final class TaskLoop implements Runnable {
    /** An inbox of this length is looked at before the park would end by itself. */
    static final int LONG_INBOX = 1024;

    /** As in ThreadPoolExecutor: after SHUTDOWN nothing new is taken and no periodic task runs, after STOP nothing runs. */
    private enum State { RUNNING, SHUTDOWN, STOP }

    private final Waiting waiting;
    private final WakeUp wakeUp;
    private final Inbox inbox = new Inbox();
    private final Parker.Pending pending = inbox::isEmpty;
    private final CountDownLatch terminated = new CountDownLatch(1);
    private final ReentrantLock turn = new ReentrantLock(true);
    private final TaskHeap heap = new TaskHeap(); // guarded by turn
    private volatile State state = State.RUNNING; // written under turn
    private ScheduledTask<?> again; // the owner's: a periodic task that ran and is not in the heap yet
    private long nextNs; // the owner's: the deadline that ends its park, Long.MAX_VALUE for none
    private boolean isOver; // the owner's

    TaskLoop(final Waiting waiting, final Runnable kick) {
        this.waiting = waiting;
        wakeUp = new WakeUp(kick);
    }

    /** The owner's life. Returns after the last task of a scheduler that was shut down. */
    @Override
    public void run() {
        try {
            while (!isOver) {
                final ScheduledTask<?> task = takeTurn();
                if (task != null) {
                    perform(task);
                } else if (!isOver) {
                    park();
                }
            }
        } finally {
            abandon();
        }
    }

    /** The next task that is due; else null, and {@code nextNs} or {@code isOver} says what to do. */
    private ScheduledTask<?> takeTurn() {
        turn.lock();
        try {
            if (again != null) {
                admit(again);
                again = null;
            }
            drain();
            final ScheduledTask<?> first = heap.first();
            if (first == null) {
                nextNs = Long.MAX_VALUE;
                isOver = state != State.RUNNING && inbox.close(); // from here on a submission is refused: none is ever lost
            } else if (System.nanoTime() - first.deadlineNs() >= 0) {
                heap.remove(first);
                return first;
            } else {
                nextNs = first.deadlineNs();
            }
            return null;
        } finally {
            turn.unlock();
        }
    }

    private void drain() {
        for (Inbox.Node node = inbox.take(); node != null; node = node.older()) {
            if (node.task() != null) {
                admit(node.task());
            }
        }
    }

    private void admit(final ScheduledTask<?> task) {
        if (task.isDone()) {
            heap.remove(task);
        } else if (mayRun(task)) {
            heap.add(task);
        } else {
            task.cancel(false);
        }
    }

    private boolean mayRun(final ScheduledTask<?> task) {
        final State now = state;
        return now == State.RUNNING || now == State.SHUTDOWN && !task.isPeriodic();
    }

    /** Cancels a task that its submitter may have cancelled already: true, it is to leave. */
    private static boolean cancelled(final ScheduledTask<?> task) {
        task.cancel(false);
        return true;
    }

    private void perform(final ScheduledTask<?> task) {
        Thread.interrupted(); // meant for an earlier task
        if (state == State.STOP) {
            Thread.currentThread().interrupt(); // or it was shutdownNow's, which sets the state first
        }
        if (!mayRun(task)) {
            task.cancel(false);
        } else if (!task.isPeriodic()) {
            task.run();
        } else if (task.runPeriodic()) {
            again = task;
        }
    }

    private void park() {
        wakeUp.announce(nextNs);
        try {
            waiting.await(pending, nextNs, false);
        } finally {
            wakeUp.withdraw();
        }
    }

    /** Nothing to do if the loop ended as it should; after an error nobody must wait for a task, or submit one, in vain. */
    private void abandon() {
        turn.lock();
        try {
            state = State.STOP;
            if (again != null) {
                again.cancel(false);
            }
            do {
                drain();
                heap.removeIf(TaskLoop::cancelled);
            } while (!isOver && !inbox.close());
        } finally {
            turn.unlock();
        }
    }

    /** Says that the owner has given its vCPU back. */
    void terminate() {
        terminated.countDown();
    }

    /** Hands a task to the owner and wakes it if need be; false if the scheduler was shut down. Any thread. */
    boolean submit(final ScheduledTask<?> task) {
        final int length = state == State.RUNNING ? inbox.offer(task) : 0; // W1
        if (length > 0) {
            wakeIfLong(length);
            wakeUp.wake(task.deadlineNs());
        }
        return length > 0;
    }

    /** Lets a cancelled task go. The owner is in no hurry, unless it was only waiting for this task to end. Any thread. */
    void forget(final ScheduledTask<?> task) {
        final int length = inbox.offer(task); // W1
        if (length > 0 && state != State.RUNNING) {
            wakeUp.wake();
        } else {
            wakeIfLong(length);
        }
    }

    private void wakeIfLong(final int length) {
        if (length != 0 && length % LONG_INBOX == 0) {
            wakeUp.wake();
        }
    }

    /** See {@link RealTimeScheduler#shutdown()}. */
    void shutdown() {
        turn.lock();
        try {
            if (state == State.RUNNING) {
                state = State.SHUTDOWN;
            }
            drain();
            heap.removeIf(task -> !mayRun(task) && cancelled(task));
        } finally {
            turn.unlock();
        }
        tellOwner();
    }

    /** See {@link RealTimeScheduler#shutdownNow()}; what never began, by deadline. */
    List<Runnable> shutdownNow(final Thread owner) {
        final List<Runnable> rest = new ArrayList<>();
        turn.lock();
        try {
            drain(); // before the state: what was accepted is to be returned, not cancelled
            state = State.STOP;
            while (!heap.isEmpty()) {
                rest.add(heap.first());
                heap.remove(heap.first());
            }
        } finally {
            turn.unlock();
        }
        owner.interrupt();
        tellOwner();
        return rest;
    }

    /** The state has changed, and what the owner would have found in its inbox was taken: an entry of its own keeps it from parking. */
    private void tellOwner() {
        inbox.offer(null); // W1
        wakeUp.wake();
    }

    boolean isShutdown() {
        return state != State.RUNNING;
    }

    CountDownLatch terminated() {
        return terminated;
    }
}
