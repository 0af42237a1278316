package io.vmrpc.cli;

import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.guest.rpc.GuestRpc;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.services.Reflection;
import io.vmrpc.rpc.services.ReflectionStub;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The command line as a guest of an agent: inside a VM by its device, on the host by the region's file, which must have no other guest. */
final class RegionGuest implements AutoCloseable {
    private final VmrpcGuest guest;
    private final GuestRpc rpc;

    private RegionGuest(final VmrpcGuest guest) {
        this.guest = guest;
        rpc = guest.openRpc(Waiting.sleeping());
    }

    /** How commands name the region. */
    static final class Choice {
        @Option(names = "--region", paramLabel = "FILE", description = "region file of an agent on this host (default: the device of this VM)")
        private Path region;

        RegionGuest open() {
            final GuestContext context = new GuestContext();
            return new RegionGuest(VmrpcGuest.connect(region == null ? context : context.region(region)));
        }
    }

    GuestRpc rpc() {
        return rpc;
    }

    List<Reflection.ServiceInfo> services() {
        try {
            return ReflectionStub.of(rpc).services();
        } catch (final RpcException e) {
            throw new IllegalArgumentException("the agent does not say what it offers: its program must add RpcServices.withReflection() (" + e.getMessage() + ")");
        }
    }

    @Override
    public void close() {
        rpc.close();
        guest.close();
    }
}
