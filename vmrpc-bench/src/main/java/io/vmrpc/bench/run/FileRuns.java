package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.Job;
import io.vmrpc.host.file.FileService;
import io.vmrpc.host.policy.Export;
import io.vmrpc.host.policy.GuestPolicy;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.layout.Geometry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.IoUtil;

/** Files of the host from a real guest: by the file service and by 9p, the same folder, the same calls of java.nio.file. */
public final class FileRuns {
    /** A record carries 64 KiB and its head. */
    private static final Geometry GEOMETRY = new Geometry(8, 8, 32, (64 << 10) + 64);
    private static final long WARM_UP_NS = 1_000_000_000L;
    private static final double BOOT_SECONDS = 20;
    private static final int FILE_BYTES = 32 << 20;
    private static final int ENTRIES = 50;
    private static final int DISCARDED = 3;
    private static final int[] SIZES = {4096, 65_536};
    private final PrintStream log;
    private final String kernel;
    private final FilePlan plan;
    private final Results results;

    /**
     * Prepares a run; one object is good for one.
     *
     * @param log where steps are told.
     * @param kernel of the guest: {@code rt}, {@code cloud} or a file.
     * @param plan how much.
     * @param results get the rows.
     */
    public FileRuns(final PrintStream log, final String kernel, final FilePlan plan, final Results results) {
        this.results = results;
        this.log = log;
        this.kernel = kernel;
        this.plan = plan;
    }

    /** An operation, and the bytes that it moves. */
    private record Subject(String what, int bytes) {
    }

    private static List<Subject> subjects() {
        final List<Subject> all = new ArrayList<>();
        for (final int size : SIZES) {
            for (final String what : List.of("sequential-read", "random-read", "sequential-write", "random-write")) {
                all.add(new Subject(what, size));
            }
        }
        for (final String what : List.of("stat", "open-close", "list")) {
            all.add(new Subject(what, 0));
        }
        return all;
    }

    /**
     * Measures.
     *
     * @throws IOException if something cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public void guest() throws IOException, InterruptedException {
        final Path folder = Files.createTempDirectory("vmrpc-bench-files");
        try {
            fill(folder);
            measure(folder);
        } finally {
            IoUtil.delete(folder.toFile(), true);
        }
    }

    private static void fill(final Path folder) throws IOException {
        Files.write(folder.resolve("data"), new byte[FILE_BYTES]);
        final Path many = Files.createDirectory(folder.resolve("many"));
        for (int i = 0; i < ENTRIES; i++) {
            Files.createFile(many.resolve("entry-" + i));
        }
    }

    private void measure(final Path folder) throws IOException, InterruptedException {
        final Policy policy = Policy.forAll(GuestPolicy.ofExports(Export.readWrite("bench", folder)));
        final double each = WARM_UP_NS / 1e9 + plan.part() * 0.5e-3;
        final Progress progress = new Progress(log, plan.turns() * subjects().size() * (1 + Variants.HOSTS.size()) * each + BOOT_SECONDS);
        try (Agents agents = new Agents(false, GEOMETRY, new FileService(policy))) {
            agents.blocking();
            progress.step("booting a guest (QEMU, TCG, 2 vCPUs, kernel " + kernel + ")", BOOT_SECONDS);
            try (Bench bench = new Bench(agents, VmSide.exchanging(agents.region(), kernel, folder, log), progress)) {
                bench.warmUp();
                bench.load("none");
                for (int i = 0; i < DISCARDED; i++) { // the guest's compilers have not seen files yet
                    bench.measure(job(subjects().get(0), Variants.VMRPC_FILE_PREFIX), Variants.VCPU_FIFO, each);
                    bench.measure(job(subjects().get(0), Variants.NINE_P_PREFIX), Variants.VCPU_FIFO, each);
                }
                for (final Subject subject : subjects()) {
                    results.addAll(Turns.take(plan.turns(), parts(bench, subject, each)));
                }
            }
        }
    }

    private List<Turns.Part> parts(final Bench bench, final Subject subject, final double seconds) {
        final List<Turns.Part> parts = new ArrayList<>();
        parts.add(() -> List.of(bench.measure(job(subject, Variants.VMRPC_FILE_PREFIX), Variants.VCPU_FIFO, seconds)));
        for (final String host : Variants.HOSTS) {
            parts.add(() -> List.of(bench.measure(job(subject, Variants.NINE_P_PREFIX), host, seconds)));
        }
        return parts;
    }

    private Job job(final Subject subject, final String prefix) {
        final Map<String, String> params = subject.bytes() == 0 ? Map.of() : Map.of(Variants.PAYLOAD, Integer.toString(subject.bytes()));
        return Job.file(prefix + subject.what(), subject.bytes(), plan.part(), WARM_UP_NS, params);
    }
}
