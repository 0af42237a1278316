package io.vmrpc.system.guest;

import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import java.util.concurrent.TimeUnit;

/** {@code park MILLISECONDS breathing|breathless}: one long sleep in a park. */
final class Park implements Task {
    @Override
    public String run(VmrpcGuest guest, String[] words) {
        long ns = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[1]));
        try (RealTimeVcpu vcpu = guest.bind(words[2].equals("breathless") ? Task.breathless() : new VcpuContext())) {
            GuestProgram.say("parking slot=%d", vcpu.slot());
            long parks = vcpu.parks();
            long deadline = System.nanoTime() + ns;
            vcpu.sleepUntil(deadline);
            long late = System.nanoTime() - deadline;
            return "late=" + late + " parks=" + (vcpu.parks() - parks) + " breaths=" + vcpu.breaths();
        }
    }
}
