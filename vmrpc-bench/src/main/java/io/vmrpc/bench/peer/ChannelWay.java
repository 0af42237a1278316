package io.vmrpc.bench.peer;

import io.vmrpc.guest.Channel;
import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.ShardIdle;
import io.vmrpc.host.service.Service;
import io.vmrpc.layout.Geometry;
import java.io.IOException;
import java.nio.file.Path;

/** VMRPC in loopback: the agent in the server's process, a channel in the caller's. Both spin, or the caller parks and the agent sleeps. */
abstract class ChannelWay implements Way {
    /** Room in a record for the head of a typed call. */
    private static final int HEAD = 64;
    private static final int FEW = 4;
    private static final int SOME = 16;
    private final String variant;
    private final boolean isSpinning;

    ChannelWay(final String variant, final boolean isSpinning) {
        this.variant = variant;
        this.isSpinning = isSpinning;
    }

    /** What the agent offers. */
    abstract Service service();

    /** Calls over a channel, which the caller's {@link Caller#close} leaves to this class. */
    abstract Caller caller(VmrpcGuest guest, Channel channel);

    @Override
    public final String variant() {
        return variant;
    }

    /** The usual region where a request fits; else records that one fits into, as far as there are such, and so few that a ring stays within a cache. */
    private static Geometry geometry(final int bytes) {
        return bytes + HEAD <= Geometry.DEFAULT.payloadCapacity() ? Geometry.DEFAULT
            : new Geometry(2, 3, bytes < LONGEST / SOME ? SOME : FEW, Math.min(LONGEST, bytes + HEAD));
    }

    @Override
    public final Server serve(final Path folder, final int bytes) throws IOException {
        final Path region = folder.resolve(variant);
        final Agent agent = Agent.launch(new AgentContext().region(region).geometry(geometry(bytes)).service(service())
            .idle(isSpinning ? ShardIdle.SPINNING : ShardIdle.BLOCKING).removeRegionsOnClose(true));
        return new Server() {
            @Override
            public String address() {
                return region.toString();
            }

            @Override
            public void close() {
                agent.close();
            }
        };
    }

    @Override
    public final Caller connect(final String address) {
        final VmrpcGuest guest = VmrpcGuest.connect(new GuestContext().region(Path.of(address)));
        // priorities and memory stay as they are with the other ways
        final RealTimeVcpu vcpu = guest.bind(new VcpuContext().priority(0).lockMemory(false));
        final Channel channel = guest.openChannel(isSpinning ? Waiting.spinning() : vcpu);
        final Caller caller = caller(guest, channel);
        return new Caller() {
            @Override
            public int call(final int length) throws Exception {
                return caller.call(length);
            }

            @Override
            public byte answer(final int index) {
                return caller.answer(index);
            }

            @Override
            public void close() throws IOException {
                caller.close();
                channel.close();
                vcpu.close();
                guest.close();
            }
        };
    }
}
