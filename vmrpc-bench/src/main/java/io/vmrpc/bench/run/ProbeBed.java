package io.vmrpc.bench.run;

import io.vmrpc.bench.report.ProbeVariants;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.Job;
import io.vmrpc.host.policy.GuestPolicy;
import io.vmrpc.host.policy.Limits;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.policy.Rule;
import io.vmrpc.host.policy.Transport;
import io.vmrpc.host.socket.SocketService;
import io.vmrpc.layout.Geometry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agrona.CloseHelper;

/** What the probe measures: a reflector, a process with a session of its own and a guest, all at once; who is not asked waits. */
final class ProbeBed implements AutoCloseable {
    private static final int REFLECTOR_PORT = 7040;
    private static final int LOOPBACK_PORT = 7041;
    private static final int GUEST_PORT = 7042;
    private static final int BUFFER = 1 << 20;
    /** How long a server may take to say that it has ended. */
    private static final long END_SECONDS = 20;
    private static final int TRIES = 4;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final HostLoad hostLoad = new HostLoad(Scheduling.REAL_TIME_CPU);
    private final Probe probe;
    private final VmSide guest;
    private final Bench inGuest;
    private final Bench beside;

    /** One row: who answers, where, in which scheduling of the guest's threads, and how it is asked. */
    record Subject(String variant, String vm, String host, Question question) {
    }

    /** Sends so many messages to who is measured. */
    interface Question {
        ProbeOutput ask(int messages) throws IOException, InterruptedException;
    }

    ProbeBed(final Path programs, final Progress progress, final PrintStream log) throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(hostLoad::close));
        try {
            probe = closed(new Probe(programs));
            closed(new Reflector(programs, probe.host(), REFLECTOR_PORT));
            final Agents besides = closed(agents("loopback", LOOPBACK_PORT));
            final Agents guests = closed(agents("guest", GUEST_PORT));
            guest = new VmSide(guests.region(), "rt", true, log);
            inGuest = closed(new Bench(guests, guest, progress));
            beside = closed(new Bench(besides, new LoopbackSide(besides.region(), Scheduling.PRIORITY, log), progress));
            probe.reach(guest.tap());
            inGuest.run(load("off")); // it has booted
        } catch (final IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T closed(final T resource) {
        opened.push(resource);
        return resource;
    }

    private Agents agents(final String name, final int port) throws IOException {
        final Agents agents = new Agents(false, name, Geometry.DEFAULT, new SocketService(Policy.forAll(GuestPolicy.of(
            new Limits(16, BUFFER, Limits.UNLIMITED, Limits.UNLIMITED),
            List.of(Rule.allow("questions").inbound(Transport.UDP).addresses(probe.host()).ports(Integer.toString(port)).build(),
                Rule.allow("answers").outbound(Transport.UDP).addresses(probe.address()).build())))));
        agents.blocking();
        return agents;
    }

    /** In the order in which they take turns. */
    List<Subject> subjects() {
        final List<Subject> all = new ArrayList<>();
        all.add(new Subject(ProbeVariants.REFLECTOR, Variants.NO_VM, Variants.UNTOUCHED, messages -> probe.run(probe.host(), REFLECTOR_PORT, messages, false)));
        all.add(new Subject(ProbeVariants.VMRPC_LOOPBACK, Variants.NO_VM, Variants.UNTOUCHED,
            messages -> served(beside, Job.serve(ProbeVariants.VMRPC_LOOPBACK, probe.host(), LOOPBACK_PORT), messages)));
        all.add(new Subject(ProbeVariants.VMRPC_GUEST, guest.vm(), Variants.VCPU_FIFO,
            messages -> served(inGuest, Job.serve(ProbeVariants.VMRPC_GUEST, probe.host(), GUEST_PORT), messages)));
        for (final String host : ProbeVariants.HOSTS) {
            all.add(new Subject(ProbeVariants.VIRTIO_NET_GUEST, guest.vm(), host,
                messages -> served(inGuest, Job.serve(ProbeVariants.VIRTIO_NET_GUEST, guest.tap().guest(), GUEST_PORT), messages)));
        }
        return all;
    }

    /** Guest and the one CPU get the usual hogs. */
    void load() throws IOException, InterruptedException {
        inGuest.run(load("on"));
        hostLoad.set(true);
        Thread.sleep(1_000);
    }

    private static Job load(final String what) {
        return new Job("load", what, 1, 0, 0, 0, "", 0, Map.of());
    }

    ProbeOutput ask(final Subject subject, final int messages) throws IOException, InterruptedException {
        apply(subject.host());
        final ProbeOutput output = subject.question().ask(messages);
        apply(Variants.VCPU_FIFO);
        return output;
    }

    /** Real-time threads are on the one CPU, which is every one of QEMU's with io-fifo but the ordinary vCPUs. */
    private void apply(final String host) throws IOException {
        if (!host.equals(ProbeVariants.IO_FIFO)) {
            Scheduling.apply(host, guest.threads());
            return;
        }
        final List<Long> threads = guest.threads();
        threads.removeAll(guest.ordinaryVcpus());
        Scheduling.apply(Variants.UNTOUCHED, guest.ordinaryVcpus());
        Scheduling.apply(Variants.ALL_FIFO, threads);
        Scheduling.pin(threads);
    }

    private ProbeOutput served(final Bench bench, final Job job, final int messages) throws IOException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            final Optional<ProbeOutput> output = tried(bench, job, messages);
            if (output.isPresent()) {
                return output.get();
            }
            bench.note("the worker crashed and was started again: " + job.variant() + " is repeated");
        }
        throw new IOException("the server of " + job.variant() + " ended " + TRIES + " times before the probe: its output says why");
    }

    /** Empty if the server crashed, whatever the probe makes of that. */
    private Optional<ProbeOutput> tried(final Bench bench, final Job job, final int messages) throws IOException, InterruptedException {
        bench.run(job);
        IOException failure = null;
        ProbeOutput output = ProbeOutput.NOTHING;
        try {
            output = probe.run(job.address(), job.port(), messages, true);
        } catch (final IOException e) {
            failure = e;
        }
        final boolean hasEnded = bench.nextRow(END_SECONDS).isPresent();
        if (failure != null && (hasEnded || !bench.isAsking())) {
            throw failure;
        }
        return hasEnded ? Optional.of(output) : Optional.empty();
    }

    @Override
    public void close() {
        hostLoad.close();
        CloseHelper.quietCloseAll(opened);
        opened.clear();
    }
}
