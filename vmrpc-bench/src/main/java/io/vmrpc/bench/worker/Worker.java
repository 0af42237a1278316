package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.AlternativeVariants;
import io.vmrpc.bench.report.ProbeVariants;
import io.vmrpc.bench.report.ResponseVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.RowLine;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.error.AgentLostException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;

/** Main class of the guest's side. Argument: a region file for loopback; none in a VM. */
public final class Worker {
    /** Name of the service that gives out jobs. */
    public static final String SERVICE = "bench";
    private static final int METHOD_NEXT = 0;
    private final VmrpcGuest guest;
    private final RealTimeVcpu vcpu;
    private final String vm;
    private final GuestLoad guestLoad;
    private final OrdinaryThread ordinary;

    private Worker(final VmrpcGuest guest, final RealTimeVcpu vcpu, final String vm, final GuestLoad guestLoad, final OrdinaryThread ordinary) {
        this.guest = guest;
        this.vcpu = vcpu;
        this.vm = vm;
        this.guestLoad = guestLoad;
        this.ordinary = ordinary;
    }

    /**
     * Runs jobs until told to quit.
     *
     * @param args region file, or nothing.
     * @throws Exception if the host is lost for good, or a job cannot be done.
     */
    public static void main(final String[] args) throws Exception {
        final OrdinaryThread ordinary = new OrdinaryThread(); // before any thread is real-time
        final GuestLoad load = new GuestLoad(ordinary);
        if (args.length == 0) {
            JvmThreads.favour();
        }
        Optional<Job> alone;
        do {
            alone = session(args, load, ordinary);
            if (alone.isPresent()) { // the region has one process of the guest at a time: this one lets it go
                print(alone.get(), vm(args), new ProgramJob(ordinary).run(alone.get()));
            }
        } while (alone.isPresent());
    }

    private static String vm(final String[] args) {
        return args.length > 0 ? "none" : "tcg";
    }

    /** Until told to quit, or to run a program that needs the region: then that job is returned. */
    private static Optional<Job> session(final String[] args, final GuestLoad load, final OrdinaryThread ordinary) throws Exception {
        final GuestContext context = new GuestContext();
        if (args.length > 0) {
            context.region(Path.of(args[0]));
        }
        try (VmrpcGuest guest = VmrpcGuest.connect(context)) {
            final VcpuContext binding = new VcpuContext().priority(Integer.getInteger("vmrpc.bench.priority", 80))
                .cpu(Integer.getInteger("vmrpc.bench.cpu", -1));
            if (Long.getLong("vmrpc.bench.advance") != null) {
                binding.advance(Duration.ofNanos(Long.getLong("vmrpc.bench.advance")));
            }
            try (RealTimeVcpu vcpu = guest.bind(binding)) {
                System.err.println("worker: " + guest.shim() + ", slot " + vcpu.slot() + ", clock known to " + vcpu.clockErrorNs() + " ns");
                vcpu.warnings().forEach(warning -> System.err.println("worker: " + warning));
                return new Worker(guest, vcpu, vm(args), load, ordinary).work();
            }
        }
    }

    private Optional<Job> work() throws IOException {
        while (true) {
            try (Channel channel = guest.openChannel(Waiting.sleeping())) {
                final Job last = workOn(channel);
                return last.equals(Job.QUIT) ? Optional.empty() : Optional.of(last);
            } catch (final AgentLostException e) {
                guest.reconnect(Duration.ofSeconds(30)); // the host changes agents between spinning and blocking rows
            }
        }
    }

    /** Until there is a job that is not done in this session. */
    private Job workOn(final Channel channel) throws IOException {
        final int next = Protocol.operation(guest.resolve(SERVICE), METHOD_NEXT);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2048]);
        while (true) {
            final int length = channel.call(next, buffer, 0, 0, buffer);
            final Job job = Job.fromJson(buffer.getStringWithoutLengthUtf8(0, length));
            if (job.equals(Job.QUIT) || ProgramJob.isAlone(job)) {
                return job;
            }
            run(job);
        }
    }

    private void run(final Job job) throws IOException {
        if (job.bench().equals("serve")) {
            serve(job);
            return;
        }
        if (job.bench().equals(AlternativeVariants.ALTERNATIVES)) {
            new CycleJob(guest, vcpu, (params, histogram) -> print(job, vm, new Part(params, histogram))).run(job);
            return;
        }
        final List<Part> parts = switch (job.bench()) {
            case ResponseVariants.TIMER -> new ResponseJob(vcpu).run(job);
            case ResponseVariants.TIMELINE -> new TimelineJob(vcpu, guestLoad).run(job);
            case ResponseVariants.NETWORK -> List.of(new ResponseNetJob(guest, vcpu).run(job));
            case ResponseVariants.PROGRAM -> List.of(new ProgramJob(ordinary).run(job));
            default -> List.of(sampled(job));
        };
        parts.forEach(part -> print(job, vm, part));
    }

    private Part sampled(final Job job) throws IOException {
        final Samples samples = switch (job.bench()) {
            case "timer" -> new TimerJob(vcpu).run(job);
            case "rpc" -> new RpcJob(guest, vcpu).run(job);
            case "file" -> new FileJob(guest, vcpu).run(job);
            case "net" -> new NetJob(guest, vcpu).run(job);
            case "hold" -> hold(job);
            case "load" -> load(job);
            default -> throw new IllegalArgumentException("job " + job.bench() + " is unknown: worker and host are of different builds");
        };
        return new Part(samples.params(job), samples.histogram());
    }

    private static void print(final Job job, final String vm, final Part part) {
        System.out.println(RowLine.encode(Row.of(job.bench(), job.variant(), vm, "none", part.params(), part.histogram())));
        System.out.flush();
    }

    /** Two rows without samples: one when the server listens, one when its client has gone. */
    private void serve(final Job job) throws IOException {
        final Histogram none = new Histogram(3);
        try (Sockets sockets = guest.openSockets(vcpu); NetServer server = server(job, sockets)) {
            print(job, vm, new Part(job.params(), none));
            server.serve();
            print(job, vm, new Part(Map.of(Variants.SERVED, Long.toString(server.served())), none));
        }
    }

    private static NetServer server(final Job job, final Sockets sockets) throws IOException {
        if (ProbeVariants.SERVED.contains(job.variant())) {
            return new DatagramEcho(sockets, job);
        }
        return job.variant().contains(Variants.VMRPC_PREFIX)
            ? new SockperfEcho(sockets, job.variant().endsWith(Variants.RR_SUFFIX), new InetSocketAddress(job.address(), job.port())) : new DebianEcho(job);
    }

    /** Parks for a long time; what it costs is measured from outside. */
    private Samples hold(final Job job) {
        final Samples samples = new Samples();
        final long deadline = System.nanoTime() + job.periodNs();
        final long parks = vcpu.parks();
        final long breaths = vcpu.breaths();
        vcpu.sleepUntil(deadline);
        System.err.println("worker: held for " + job.periodNs() / 1_000_000 + " ms with " + (vcpu.parks() - parks) + " parks and " +
            (vcpu.breaths() - breaths) + " breaths");
        samples.record(System.nanoTime() - deadline);
        return samples;
    }

    /** Hogs as the variant says, and a server if there is a port. */
    private Samples load(final Job job) throws IOException {
        guestLoad.set(job.variant().equals("on"));
        guestLoad.setServer(job.port());
        final Samples samples = new Samples();
        samples.record(0);
        return samples;
    }
}
