package io.vmrpc.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Threads that the owner of a vCPU starts. Linux has them inherit its CPU and its priority, and there they would run only while it
 * breathes: a library that starts a pool's thread from an event loop would seem to hang. So they are moved to where the owner came from.
 *
 * <p>Most threads are seen when they are made, since they copy the inheritable thread locals of their maker, and are moved before the next
 * park. Those that copy none, as the workers of a {@link java.util.concurrent.ForkJoinPool}, are found after the next breath, by the number
 * of threads. The owner's.
 */
final class Offspring {
    private static final Path THREADS = Path.of("/proc/self/task");
    private final ThreadBinding binding;
    private final InheritableThreadLocal<Object> birth = new InheritableThreadLocal<>() {
        @Override
        protected Object childValue(final Object ofParent) {
            isExpected |= ofParent != null; // the owner's value, so this is its thread
            return null;
        }
    };
    private boolean isExpected;
    private long breaths;
    private int threads;

    private Offspring(final ThreadBinding binding) {
        this.binding = binding;
    }

    /** Of the calling thread, from now on. */
    static Offspring ofThisThread(final ThreadBinding binding) {
        final Offspring offspring = new Offspring(binding);
        if (binding.isPinned()) {
            offspring.threads = offspring.count();
            offspring.birth.set(offspring);
        }
        return offspring;
    }

    /** Moves those that were started since; costs two comparisons if there may be none. */
    void release(final long breathsTaken) {
        if (isExpected || breathsTaken != breaths) {
            look(breathsTaken);
        }
    }

    private void look(final long breathsTaken) {
        breaths = breathsTaken;
        final int now = binding.isPinned() ? count() : threads;
        if (isExpected || now != threads) {
            isExpected = false;
            threads = now;
            binding.moveOffspring(THREADS.toFile().list());
        }
    }

    /** A folder has as many links as folders in it, and two. */
    private int count() {
        try {
            return (Integer)Files.getAttribute(THREADS, "unix:nlink");
        } catch (final IOException e) {
            throw new UncheckedIOException(e); // this process exists
        }
    }
}
