package io.vmrpc.examples;

import static io.vmrpc.layout.Protocol.operation;

import io.vmrpc.guest.Channel;
import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmTimer;
import io.vmrpc.guest.VmrpcGuest;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/** The guest's program: each period it waits for a fresh sample and answers it. */
public final class ControlLoop {
    private static final long PERIOD_NS = 20_000_000;
    private static final int CYCLES = 50;

    private ControlLoop() {
    }

    // readme: begin
    static void run(final VmrpcGuest guest, final VcpuContext cpu) {
        try (RealTimeVcpu vcpu = guest.bind(cpu); Channel channel = guest.openChannel(vcpu)) {
            vcpu.warnings().forEach(System.err::println); // what this guest's kernel still lacks, with its remedy
            final int sample = guest.resolve("sample");
            final UnsafeBuffer value = new UnsafeBuffer(new byte[Long.BYTES]);
            final VmTimer timer = new VmTimer(vcpu).periodic(System.nanoTime() + PERIOD_NS, PERIOD_NS);
            long last = 0;
            long latest = 0;
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                timer.await(); // the vCPU is parked in the host, which ends the park by itself: no agent takes part
                latest = Math.max(latest, System.nanoTime() - timer.scheduledNs());
                channel.call(operation(sample, SampleService.NEXT), value, 0, 0, value); // parked until the agent has a new sample
                last = value.getLong(0);
                channel.call(operation(sample, SampleService.SET), value, 0, Long.BYTES, value); // answered at once
            }
            System.out.println(CYCLES + " cycles by " + guest.shim() + ", last sample " + last + ", timer at most " + latest / 1000 + " us late, "
                + timer.overruns() + " overruns, " + vcpu.parks() + " parks");
        }
    }
    // readme: end

    /**
     * Runs the loop.
     *
     * @param args nothing in a VM; the region's file in loopback, where no privilege is asked for.
     */
    public static void main(final String[] args) {
        final boolean isLoopback = args.length > 0;
        final GuestContext where = isLoopback ? new GuestContext().region(Path.of(args[0])) : new GuestContext();
        try (VmrpcGuest guest = VmrpcGuest.connect(where)) {
            run(guest, isLoopback ? new VcpuContext().priority(0).lockMemory(false) : new VcpuContext());
        }
    }
}
