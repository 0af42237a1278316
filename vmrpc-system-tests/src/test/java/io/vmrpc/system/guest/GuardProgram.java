package io.vmrpc.system.guest;

import io.vmrpc.host.vcpu.VcpuControl;
import io.vmrpc.host.vcpu.VcpuControlContext;
import io.vmrpc.host.vcpu.VcpuThread;
import io.vmrpc.natives.CpuSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Makes a process of this machine real-time beside an ordinary one, and measures what both get of their CPU. Each line of its input is
 * {@code PID ORDINARY CPU SHARE SECONDS}, answered by {@code applied} and then {@code done}.
 */
public final class GuardProgram {
    private GuardProgram() {}

    /** The program. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        GuestProgram.say("ready");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = lines.readLine()) != null;) {
            String[] words = line.split(" ");
            int pid = Integer.parseInt(words[0]);
            VcpuThread thread = new VcpuThread(0, pid, pid, field(pid, 22), 0);
            VcpuControlContext context = new VcpuControlContext().priority(80).cpus(CpuSet.parse(words[2])).share(Integer.parseInt(words[3]));
            try (VcpuControl control = VcpuControl.apply(thread, context)) {
                GuestProgram.say("applied %s", control.facts());
                measure(control, pid, Integer.parseInt(words[1]), Integer.parseInt(words[4]));
            } catch (IOException | RuntimeException e) {
                GuestProgram.say("failed %s", e);
            }
        }
    }

    private static void measure(VcpuControl control, int realTime, int ordinary, int seconds) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long realTimeBefore = ticks(realTime);
        long ordinaryBefore = ticks(ordinary);
        Thread.sleep(TimeUnit.SECONDS.toMillis(seconds));
        long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / 10;
        GuestProgram.say("done realtime=%d ordinary=%d demoted=%d ticks=%d", ticks(realTime) - realTimeBefore, ticks(ordinary) - ordinaryBefore,
                control.demotions(), passed);
    }

    /** {@return CPU time so far in ticks of 10 ms} */
    private static long ticks(int pid) throws IOException {
        return field(pid, 14) + field(pid, 15);
    }

    /** {@return a field of proc(5) stat} */
    private static long field(int pid, int number) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[number - 3]);
    }
}
