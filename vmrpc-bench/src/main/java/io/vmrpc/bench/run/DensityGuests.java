package io.vmrpc.bench.run;

import io.vmrpc.bench.density.CycleAgent;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import io.vmrpc.vm.Accelerator;
import io.vmrpc.vm.FreestandingConfig;
import io.vmrpc.vm.FreestandingGuest;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.agrona.CloseHelper;

/**
 * Many QEMU processes, a freestanding guest with one loop in each. Their vCPUs' threads are SCHED_FIFO and on any CPU; QEMU's other threads
 * are as they start.
 */
final class DensityGuests implements AutoCloseable {
    private static final Duration BOOT = Duration.ofSeconds(60);
    private final List<FreestandingGuest> guests = new ArrayList<>();

    /** Starts them, some at a time. */
    DensityGuests(final DensityPlace place, final Accelerator accelerator, final int count) throws IOException, InterruptedException {
        final byte[] peer = InetAddress.getByName(DensityPlace.PEER).getAddress();
        final String address = Integer.toUnsignedString(ByteBuffer.wrap(peer).order(ByteOrder.LITTLE_ENDIAN).getInt());
        final String job = "cycles address=" + address + " port=" + DensityPlace.PORT;
        final List<Callable<FreestandingGuest>> starts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final FreestandingConfig config = FreestandingConfig.of(job).accelerator(accelerator)
                .region(CycleAgent.region(place.folder(), i));
            starts.add(() -> start(config));
        }
        inParallel(starts);
    }

    private FreestandingGuest start(final FreestandingConfig config) throws IOException, InterruptedException {
        final FreestandingGuest guest = FreestandingGuest.start(config);
        synchronized (guests) {
            guests.add(guest);
        }
        guest.awaitLine("cycles", BOOT);
        final int result = Native.vmrpc_set_scheduler(guest.vcpuThreadIds().get(0).intValue(), Native.SCHED_FIFO, Scheduling.PRIORITY);
        if (result < 0) {
            throw new IOException("sched_setscheduler(SCHED_FIFO) of a vCPU failed with " + Errno.text(-result) + ": run as root");
        }
        return guest;
    }

    private void inParallel(final List<Callable<FreestandingGuest>> starts) throws IOException, InterruptedException {
        final ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors() + 1);
        try {
            for (final Future<FreestandingGuest> started : pool.invokeAll(starts)) {
                started.get();
            }
        } catch (final ExecutionException e) {
            close();
            final Throwable cause = e.getCause();
            throw new IOException("a guest did not start: " + cause.getMessage() +
                (cause.getCause() == null ? "" : "\n" + cause.getCause()), cause);
        } catch (final InterruptedException e) {
            close();
            throw e;
        } finally {
            pool.shutdownNow();
        }
    }

    /** Of the QEMU processes. */
    List<Long> pids() {
        synchronized (guests) {
            return guests.stream().map(FreestandingGuest::pid).toList();
        }
    }

    @Override
    public void close() {
        final List<FreestandingGuest> all;
        synchronized (guests) {
            all = List.copyOf(guests);
        }
        all.parallelStream().forEach(CloseHelper::quietClose);
    }
}
