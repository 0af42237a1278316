package io.vmrpc.system.guest;

import io.vmrpc.guest.Channel;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.layout.Protocol;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** {@code call COUNT PRIORITY}: echo calls that park, each checked. */
final class Call implements Task {
    @Override
    public String run(VmrpcGuest guest, String[] words) {
        long[] ns = new long[Integer.parseInt(words[1])];
        int priority = Integer.parseInt(words[2]);
        try (RealTimeVcpu vcpu = guest.bind(new VcpuContext().priority(priority).lockMemory(priority > 0)); Channel channel = guest.openChannel(vcpu)) {
            int echo = Protocol.operation(guest.resolve("echo"), 0);
            UnsafeBuffer request = new UnsafeBuffer(new byte[100]); // more than what travels in the record itself
            UnsafeBuffer reply = new UnsafeBuffer(new byte[100]);
            for (int i = 0; i < ns.length; i++) {
                request.setMemory(0, request.capacity(), (byte) i);
                long start = System.nanoTime();
                int length = channel.call(echo, request, 0, request.capacity(), reply);
                ns[i] = System.nanoTime() - start;
                if (length != request.capacity() || !request.equals(reply)) {
                    throw new IllegalStateException("call " + i + " was answered with other bytes");
                }
            }
            Arrays.sort(ns);
            return "calls=" + ns.length + " p50=" + ns[ns.length / 2] + " max=" + ns[ns.length - 1] + " parks=" + vcpu.parks();
        }
    }
}
