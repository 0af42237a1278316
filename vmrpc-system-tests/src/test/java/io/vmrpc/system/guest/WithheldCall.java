package io.vmrpc.system.guest;

import io.vmrpc.guest.Channel;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.layout.Protocol;
import org.agrona.concurrent.UnsafeBuffer;

/** {@code withhold}: a call that the agent keeps, in a park without a deadline. */
final class WithheldCall implements Task {
    @Override
    public String run(VmrpcGuest guest, String[] words) {
        try (RealTimeVcpu vcpu = guest.bind(Task.breathless()); Channel channel = guest.openChannel(vcpu)) {
            int service = guest.resolve("withhold");
            GuestProgram.say("calling slot=%d", vcpu.slot());
            UnsafeBuffer buffer = new UnsafeBuffer(new byte[8]);
            channel.call(Protocol.operation(service, 0), buffer, 0, 8, buffer);
            return "answer=" + buffer.getLong(0);
        }
    }
}
