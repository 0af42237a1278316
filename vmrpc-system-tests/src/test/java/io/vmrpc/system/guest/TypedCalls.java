package io.vmrpc.system.guest;

import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.rpc.GuestRpc;
import io.vmrpc.rpc.Subscription;
import java.time.Duration;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** {@code typed COUNT PRIORITY}: typed calls, withheld ones, events, and a megabyte there and back, each checked. */
final class TypedCalls implements Task {
    @Override
    public String run(VmrpcGuest guest, String[] words) {
        int count = Integer.parseInt(words[1]);
        int priority = Integer.parseInt(words[2]);
        try (RealTimeVcpu vcpu = guest.bind(new VcpuContext().priority(priority).lockMemory(priority > 0)); GuestRpc rpc = guest.openRpc(vcpu)) {
            Typed typed = TypedStub.of(rpc).withDeadline(Duration.ofSeconds(20));
            int events = 0;
            for (int i = 0; i < count; i++) {
                require(typed.add(i, 1) == i + 1, "sum " + i);
                require(typed.later(i, i) == i, "number " + i);
            }
            try (Subscription<Long> numbers = typed.count(count)) {
                for (Long number = numbers.next(); number != null; number = numbers.next()) {
                    require(number == events++, "event " + number);
                }
            }
            UnsafeBuffer bytes = new UnsafeBuffer(new byte[1 << 20]);
            for (int i = 0; i < bytes.capacity(); i += Integer.BYTES) {
                bytes.putInt(i, i * 31);
            }
            DirectBuffer echoed = typed.echo(bytes);
            require(new UnsafeBuffer(echoed).equals(bytes), "bytes");
            return "calls=" + count + " withheld=" + count + " events=" + events + " bytes=" + echoed.capacity() + " parks=" + vcpu.parks();
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("another " + what + " came");
        }
    }
}
