package io.vmrpc.examples;

import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.rpc.GuestRpc;
import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.rpc.RpcService;
import io.vmrpc.rpc.VmService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A service, its host and a caller: all that a newcomer writes. */
public final class FirstService {
    private FirstService() {
    }

    // readme: begin
    @VmService(name = "valves") // the interface, for both sides
    public interface Valves {
        Flow open(int valve, double litres) throws Stuck;

        record Flow(int valve, double litres, List<String> warnings) {
        }

        final class Stuck extends Exception {
            public Stuck(final String message) {
                super(message);
            }
        }
    }

    static final class Plant implements Valves { // the host's side; FirstService_Valves* are generated
        @Override
        public Flow open(final int valve, final double litres) throws Stuck {
            if (valve > 9) {
                throw new Stuck("valve " + valve + " does not move");
            }
            return new Flow(valve, litres, litres > 100 ? List.of("that is a lot") : List.of());
        }
    }

    static Agent serve(final Path region) throws IOException {
        return Agent.launch(new AgentContext().region(region).service(RpcService.of(FirstService_ValvesDispatcher.of(new Plant()))));
    }

    static String call(final VmrpcGuest guest, final VcpuContext cpu) throws Valves.Stuck { // in the guest
        try (RealTimeVcpu vcpu = guest.bind(cpu); GuestRpc rpc = guest.openRpc(vcpu)) {
            final Valves valves = FirstService_ValvesStub.of(rpc).withDeadline(Duration.ofSeconds(1));
            return valves.open(3, 250).toString(); // the vCPU is parked until the host has answered
        }
    }
    // readme: end

    /**
     * Runs both sides on one machine, without a VM.
     *
     * @param args nothing.
     * @throws IOException if the region cannot be made.
     * @throws Valves.Stuck not for this valve.
     */
    public static void main(final String[] args) throws IOException, Valves.Stuck {
        final Path region = Path.of("/dev/shm", "vmrpc-first-" + ProcessHandle.current().pid());
        try (Agent agent = Agent.launch(new AgentContext().region(region).removeRegionsOnClose(true)
            .service(RpcService.of(FirstService_ValvesDispatcher.of(new Plant()))));
            VmrpcGuest guest = VmrpcGuest.connect(new GuestContext().region(region))) {
            System.out.println(call(guest, new VcpuContext().priority(0).lockMemory(false)) + ", " + agent.counters().get(0));
        }
    }
}
