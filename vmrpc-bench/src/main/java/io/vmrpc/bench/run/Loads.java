package io.vmrpc.bench.run;

import io.vmrpc.bench.report.ResponseVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.worker.Job;
import java.io.IOException;
import java.util.Map;

/** What is loaded while a bench measures: host, guest, and the guest's network card. */
final class Loads implements WorkerJobs.Circumstances {
    private static final long SETTLE_MS = 1_000;
    private final boolean hasGuest;
    private final HostLoad host = new HostLoad();
    private WorkerJobs jobs;
    private NetworkLoad network;
    private String load = "none";

    Loads(final boolean hasGuest) {
        this.hasGuest = hasGuest;
        Runtime.getRuntime().addShutdownHook(new Thread(host::close));
    }

    /** Who has the guest's load done. */
    void worker(final WorkerJobs worker) {
        jobs = worker;
    }

    /** What {@link ResponseVariants#LOAD_NETWORK} needs. */
    void network(final NetworkLoad wanted) {
        network = wanted;
    }

    String name() {
        return load;
    }

    /** {@code none}, {@code guest}, {@code host}, {@code both}, or {@link ResponseVariants#LOAD_NETWORK}. */
    void set(final String wanted) throws IOException, InterruptedException {
        if (!wanted.equals(load)) {
            load = wanted;
            calm();
            apply();
        }
    }

    /** The host's load alone, while a worker is in a job that changes the guest's. */
    void host(final boolean on) throws IOException {
        host.set(on);
    }

    private void apply() throws IOException, InterruptedException {
        final boolean hasNetwork = load.equals(ResponseVariants.LOAD_NETWORK);
        if (hasGuest) {
            final String hogs = ResponseVariants.isGuestLoaded(load) ? "on" : "off";
            jobs.run(new Job("load", hogs, 1, 0, 0, 0, "", hasNetwork ? NetworkLoad.PORT : 0, Map.of()), 1, () -> { });
        }
        host.set(ResponseVariants.isHostLoaded(load));
        if (hasNetwork) {
            network.start();
        }
        Thread.sleep(SETTLE_MS);
    }

    /** No load of the host's; that of the guest went with its JVM, or goes when another one is applied. */
    @Override
    public void calm() throws IOException {
        if (network != null) {
            network.stop();
        }
        host.set(false);
    }

    @Override
    public void restore() throws IOException, InterruptedException {
        apply();
        mark();
    }

    /** Begins to count what a row's circumstances are. */
    void mark() throws IOException, InterruptedException {
        host.mark();
        if (network != null) {
            network.mark();
        }
    }

    /** The row with what was counted. */
    Row counted(final Row row) throws IOException {
        final Row shared = host.withShare(row);
        return network == null ? shared : network.withPackets(shared);
    }

    /** All of the host's. */
    void close() {
        if (network != null) {
            network.stop();
        }
        host.close();
    }
}
