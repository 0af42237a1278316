package io.vmrpc.system.guest;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VmrpcGuest;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * {@code mprotect ROUNDS SAMPLES PAUSE_US}: what a TLB shootdown costs this thread while another one of the same process spins, parks its vCPU
 * or sleeps in the guest kernel. The three take turns, so that a machine whose load changes treats them alike.
 */
final class Shootdown implements Task {
    private static final long PAGE = 4096;
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int PRIVATE_ANONYMOUS = 0x22;

    static {
        Native.register(Shootdown.class, "c");
    }

    private final Companion companion = new Companion();

    static native Pointer mmap(Pointer address, long length, int protection, int flags, int fd, long offset);

    static native int mprotect(Pointer address, long length, int protection);

    static native int munmap(Pointer address, long length);

    @Override
    public String run(VmrpcGuest guest, String[] words) throws InterruptedException {
        int rounds = Integer.parseInt(words[1]);
        int samples = Integer.parseInt(words[2]);
        long pauseNs = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(words[3]));
        long[][] ns = new long[Companion.Way.values().length][rounds * samples];
        Thread thread = companion.start(guest);
        try {
            for (int round = 0; round < rounds; round++) {
                for (Companion.Way way : Companion.Way.values()) {
                    companion.change(way);
                    measure(ns[way.ordinal()], round * samples, samples, pauseNs);
                }
            }
        } finally {
            companion.end();
            thread.join(20_000);
        }
        StringBuilder answer = new StringBuilder();
        for (Companion.Way way : Companion.Way.values()) {
            long[] sorted = ns[way.ordinal()];
            Arrays.sort(sorted);
            String name = way.name().toLowerCase(java.util.Locale.ROOT);
            answer.append(String.format("%s10=%d %s50=%d %s90=%d %smax=%d ", name, sorted[sorted.length / 10], name, sorted[sorted.length / 2],
                    name, sorted[sorted.length * 9 / 10], name, sorted[sorted.length - 1]));
        }
        return answer + "parks=" + companion.parks();
    }

    /** Only taking a right away makes a shootdown, and only if the page is there: so write before. munmap is one as well. */
    private static void measure(long[] ns, int from, int count, long pauseNs) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            Pointer page = mmap(null, PAGE, READ | WRITE, PRIVATE_ANONYMOUS, -1, 0);
            page.setInt(0, i);
            TimeUnit.NANOSECONDS.sleep(pauseNs);
            long start = System.nanoTime();
            int answer = mprotect(page, PAGE, READ);
            ns[from + i] = System.nanoTime() - start;
            if (answer != 0 || munmap(page, PAGE) != 0) {
                throw new IllegalStateException("mprotect or munmap failed");
            }
        }
    }

    /** The thread on the real-time vCPU. */
    private static final class Companion {
        enum Way { SPINNING, PARKED, ASLEEP }

        private static final long HOLD_NS = TimeUnit.SECONDS.toNanos(1);
        private volatile Way wanted = Way.ASLEEP;
        private volatile Way current;
        private volatile boolean ending;
        private volatile long parks;

        Thread start(VmrpcGuest guest) {
            Thread thread = new Thread(() -> run(guest), "companion");
            thread.setDaemon(true);
            thread.start();
            return thread;
        }

        private void run(VmrpcGuest guest) {
            try (RealTimeVcpu vcpu = guest.bind(Task.breathless())) {
                while (!ending) {
                    Way way = wanted;
                    current = way;
                    switch (way) {
                        case SPINNING -> {
                            while (wanted == way && !ending) {
                                Thread.onSpinWait();
                            }
                        }
                        // one wait at a time, so that a change of way is seen at the next kick or after a hold
                        case PARKED -> vcpu.await(() -> true, System.nanoTime() + HOLD_NS, false);
                        case ASLEEP -> io.vmrpc.natives.Native.vmrpc_sleep_ns(1_000_000);
                    }
                    parks = vcpu.parks();
                }
            }
        }

        void change(Way way) throws InterruptedException {
            wanted = way;
            for (long until = System.nanoTime() + 20 * HOLD_NS; current != way;) {
                if (System.nanoTime() - until > 0) {
                    throw new IllegalStateException("the companion thread did not become " + way);
                }
                Thread.sleep(1);
            }
            Thread.sleep(50); // past the settling of the park core
        }

        void end() {
            ending = true;
        }

        long parks() {
            return parks;
        }
    }
}
