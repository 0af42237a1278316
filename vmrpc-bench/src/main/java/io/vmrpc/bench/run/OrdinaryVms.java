package io.vmrpc.bench.run;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.agrona.CloseHelper;

/** Several ordinary VMs and one real-time VM, booted at once. Those that do not measure are up and silent. */
final class OrdinaryVms implements AutoCloseable {
    /** The published number. */
    static final int COUNT = 3;
    /** What a guest needs beside its region, which is three quarters of its memory at most: a file in /dev/shm. */
    private static final int SYSTEM_MB = 384;
    private static final int LEAST_REGION_MB = 64;
    private final List<OrdinaryVm> all = new ArrayList<>();
    private final RealTimeVm realTime;
    private final int regionMb;

    OrdinaryVms(final Path home, final String kernel, final int wantedMb, final PrintStream log) throws IOException, InterruptedException {
        regionMb = regionMb(wantedMb, availableMb(Files.readAllLines(Path.of("/proc/meminfo"))));
        final ExecutorService starters = Executors.newCachedThreadPool();
        final List<Future<OrdinaryVm>> starting = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            starting.add(starters.submit(() -> new OrdinaryVm(home, kernel, regionMb + SYSTEM_MB, log)));
        }
        final Future<RealTimeVm> realTimeStarting = starters.submit((Callable<RealTimeVm>)() -> new RealTimeVm(home, log));
        starters.shutdown();
        try {
            for (final Future<OrdinaryVm> each : starting) {
                all.add(each.get());
            }
            realTime = realTimeStarting.get();
        } catch (final ExecutionException | InterruptedException e) {
            starting.forEach(OrdinaryVms::give);
            give(realTimeStarting);
            if (e instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw new IOException("the VMs did not start: " + e.getCause().getMessage(), e.getCause());
        }
    }

    /** Ends one of which nobody needs to know whether it started. */
    private static void give(final Future<? extends AutoCloseable> starting) {
        try {
            CloseHelper.quietClose(starting.get());
        } catch (final ExecutionException e) {
            // it has not started, so there is nothing to end
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt(); // the VM ends with this process
        }
    }

    /** Half of what is available stays with the host. */
    static int regionMb(final int wantedMb, final long availableMb) {
        return (int)Math.max(LEAST_REGION_MB, Math.min(wantedMb, availableMb / 2 / COUNT - SYSTEM_MB));
    }

    static long availableMb(final List<String> meminfo) throws IOException {
        return meminfo.stream().filter(line -> line.startsWith("MemAvailable:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
            .findFirst().orElseThrow(() -> new IOException("/proc/meminfo does not tell MemAvailable: this kernel is older than 3.14"));
    }

    OrdinaryVm get(final int index) {
        return all.get(index);
    }

    List<OrdinaryVm> all() {
        return List.copyOf(all);
    }

    RealTimeVm realTime() {
        return realTime;
    }

    /** Of each VM. */
    int regionMb() {
        return regionMb;
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(all);
        realTime.close();
    }
}
