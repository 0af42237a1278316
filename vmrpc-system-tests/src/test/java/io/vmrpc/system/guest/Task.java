package io.vmrpc.system.guest;

import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import java.time.Duration;

/** One thing that a test asks of the guest. */
@FunctionalInterface
interface Task {
    /** Does it, with the line's words from 0, and returns what the test is to know, as {@code name=value} words. */
    String run(VmrpcGuest guest, String[] words) throws Exception;

    /** A real-time vCPU whose owner never sleeps in the guest kernel. */
    static VcpuContext breathless() {
        return new VcpuContext().breath(Duration.ofSeconds(1), Duration.ZERO);
    }
}
