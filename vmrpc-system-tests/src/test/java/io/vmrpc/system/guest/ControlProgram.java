package io.vmrpc.system.guest;

import io.vmrpc.host.qmp.QmpClient;
import io.vmrpc.host.vcpu.VcpuControl;
import io.vmrpc.host.vcpu.VcpuControlContext;
import io.vmrpc.host.vcpu.VcpuControlException;
import io.vmrpc.host.vcpu.VcpuThread;
import io.vmrpc.natives.CpuSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Controls vCPU 0 of a QEMU in the guest. Lines of its input: {@code apply CPUS [isolated] [memory]} and {@code close};
 * {@code CPUS} may be {@code any}. Answers {@code done} and the facts, or {@code declined} and the sentence. Argument: QEMU's monitor.
 */
public final class ControlProgram {
    private ControlProgram() {}

    /** The program. */
    public static void main(String[] arguments) throws IOException {
        VcpuThread thread;
        try (QmpClient qmp = QmpClient.connect(Path.of(arguments[0]), Duration.ofSeconds(40))) {
            thread = VcpuThread.find(qmp, 0);
        }
        GuestProgram.say("found pid=%d tid=%d", thread.pid(), thread.tid());
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        VcpuControl control = null;
        for (String line; (line = lines.readLine()) != null;) {
            try {
                if (line.equals("close")) {
                    control.close();
                    GuestProgram.say("done closed");
                } else {
                    control = VcpuControl.apply(thread, context(line));
                    GuestProgram.say("done %s", control.facts());
                }
            } catch (VcpuControlException e) {
                GuestProgram.say("declined %s", e.getMessage());
            } catch (IOException | RuntimeException e) {
                GuestProgram.say("failed %s", e);
            }
        }
    }

    private static VcpuControlContext context(String line) {
        VcpuControlContext context = new VcpuControlContext().isolated(line.contains(" isolated")).lockMemory(line.contains(" memory"));
        String cpus = line.split(" ")[1];
        return cpus.equals("any") ? context : context.cpus(CpuSet.parse(cpus));
    }
}
