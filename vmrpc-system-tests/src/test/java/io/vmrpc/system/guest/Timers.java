package io.vmrpc.system.guest;

import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmTimer;
import io.vmrpc.guest.VmrpcGuest;
import java.util.concurrent.TimeUnit;

/** {@code timers COUNT PERIOD_US}: one-shot and periodic expirations, and a pause that a periodic timer must report as overruns. */
final class Timers implements Task {
    private long early;
    private long offSchedule;
    private long worst;

    @Override
    public String run(VmrpcGuest guest, String[] words) {
        int count = Integer.parseInt(words[1]);
        long period = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(words[2]));
        try (RealTimeVcpu vcpu = guest.bind(new VcpuContext())) {
            VmTimer timer = new VmTimer(vcpu);
            for (int i = 0; i < count; i++) {
                judge(timer.once(System.nanoTime() + period), 0, 0);
            }
            long missed = periodic(timer, count, period);
            long overrunsBefore = timer.overruns();
            vcpu.sleep(5 * period);
            long reported = timer.await() - 1;
            return "early=" + early + " offSchedule=" + offSchedule + " missed=" + missed + " overruns=" + overrunsBefore + " worst=" + worst
                    + " paused=" + reported + " pausedOverruns=" + (timer.overruns() - overrunsBefore);
        }
    }

    /** {@return expirations beyond the first of each wait} */
    private long periodic(VmTimer timer, int count, long period) {
        long first = System.nanoTime() + period;
        timer.periodic(first, period);
        long missed = 0;
        for (long expirations = 0; expirations < count;) {
            long came = judge(timer, first, period);
            expirations += came;
            missed += came - 1;
            if (timer.scheduledNs() != first + (expirations - 1) * period) {
                offSchedule++;
            }
        }
        return missed;
    }

    private long judge(VmTimer timer, long first, long period) {
        long came = timer.await();
        long late = System.nanoTime() - timer.scheduledNs();
        early += late < 0 ? 1 : 0;
        worst = Math.max(worst, late);
        if (period != 0 && (timer.scheduledNs() - first) % period != 0) {
            offSchedule++;
        }
        return came;
    }
}
