package io.vmrpc.system.guest;

import io.vmrpc.error.AgentLostException;
import io.vmrpc.error.Status;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.CompletionListener;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmTimer;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.layout.Protocol;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * {@code outage TIMES CALLS}: numbered requests, eight outstanding at a time, through that many agents' deaths and CALLS requests more. No number is ever submitted twice.
 * Each death prints {@code lost}, then timers run without an agent until the test has started a new one.
 */
final class Outage implements Task, CompletionListener {
    private static final int DEPTH = 8;
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private final UnsafeBuffer request = new UnsafeBuffer(new byte[8]);
    private long submitted;
    private long acknowledged;
    private long lost;
    private int outstanding;

    @Override
    public String run(VmrpcGuest guest, String[] words) {
        int deaths = Integer.parseInt(words[1]);
        try (RealTimeVcpu vcpu = guest.bind(new VcpuContext())) {
            for (int death = 0; death < deaths; death++) {
                callUntilLost(guest, vcpu);
                GuestProgram.say("timing %s", tick(vcpu));
                guest.reconnect(Duration.ofSeconds(60));
                GuestProgram.say("reconnected");
            }
            try (Channel channel = guest.openChannel(vcpu)) {
                pump(channel, service(guest), submitted + Long.parseLong(words[2]));
            }
        }
        return "submitted=" + submitted + " acknowledged=" + acknowledged + " lost=" + lost;
    }

    private static int service(VmrpcGuest guest) {
        return Protocol.operation(guest.resolve("journal"), 0);
    }

    private void callUntilLost(VmrpcGuest guest, RealTimeVcpu vcpu) {
        long before = acknowledged;
        try (Channel channel = guest.openChannel(vcpu)) {
            pump(channel, service(guest), Long.MAX_VALUE);
        } catch (AgentLostException e) {
            GuestProgram.say("lost acknowledged=%d outstanding=%d", acknowledged - before, outstanding);
            if (outstanding != 0) {
                throw new IllegalStateException(outstanding + " requests were neither completed nor failed");
            }
        }
    }

    private void pump(Channel channel, int operation, long until) {
        while (submitted < until || outstanding > 0) {
            while (outstanding < DEPTH && submitted < until) {
                request.putLong(0, submitted + 1);
                if (channel.submit(operation, 0, Long.MAX_VALUE, request, 0, Long.BYTES, this) == Channel.FULL) {
                    break;
                }
                submitted++;
                outstanding++;
            }
            channel.await(Long.MAX_VALUE);
        }
    }

    /** Half a second of a periodic timer. */
    private static String tick(RealTimeVcpu vcpu) {
        VmTimer timer = new VmTimer(vcpu).periodic(System.nanoTime() + TICK_NS, TICK_NS);
        long early = 0;
        long expirations = 0;
        while (expirations < 25) {
            expirations += timer.await();
            early += System.nanoTime() - timer.scheduledNs() < 0 ? 1 : 0;
        }
        return "expirations=" + expirations + " overruns=" + timer.overruns() + " early=" + early;
    }

    @Override
    public void onCompletion(long correlation, Status status, int detail, boolean more, long dropped, DirectBuffer payload, int offset, int length) {
        outstanding--;
        if (status == Status.OK) {
            acknowledged++;
        }
    }

    @Override
    public void onFailure(long correlation, VmrpcException failure) {
        outstanding--;
        lost++;
    }
}
