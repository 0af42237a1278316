package io.vmrpc.bench.run;

import io.vmrpc.vm.Accelerator;
import io.vmrpc.vm.TapAddresses;
import io.vmrpc.vm.VirtualMachine;
import io.vmrpc.vm.VmConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A real guest under QEMU, booted by the VM runner; vCPU 1 is the real-time one. */
final class VmSide extends Side {
    static final int RT_CPU = 1;
    private final VirtualMachine machine;

    VmSide(final Path region, final String kernel, final boolean network, final PrintStream log) throws IOException {
        this(region, kernel, log, config -> config.network(network ? VmConfig.Network.TAP : VmConfig.Network.NONE));
    }

    /** A guest that can mount a folder of the host by 9p. */
    static VmSide exchanging(final Path region, final String kernel, final Path folder, final PrintStream log) throws IOException {
        return new VmSide(region, kernel, log, config -> config.exchange(folder));
    }

    /** A guest with a network as it comes: no CPU is kept for real time, so the worker is told which one is its own. */
    static VmSide untuned(final Path region, final String kernel, final PrintStream log) throws IOException {
        return new VmSide(region, kernel, log, config -> config.network(VmConfig.Network.TAP).rtCpu(-1)
            .command(WorkerCommand.ofGuest("-Dvmrpc.bench.cpu=" + RT_CPU)));
    }

    /** A guest with a network, in which the worker can start programs of the repository at the path that it has here. */
    static VmSide withPrograms(final Path region, final String kernel, final Path home, final PrintStream log) throws IOException {
        return new VmSide(region, kernel, log, config -> config.network(VmConfig.Network.TAP).share(home));
    }

    private VmSide(final Path region, final String kernel, final PrintStream log, final UnaryOperator<VmConfig.Builder> more) throws IOException {
        final RowReader out = new RowReader(rows(), log);
        final RowReader err = new RowReader(rows(), log);
        machine = VirtualMachine.start(more.apply(VmConfig.builder().cpus(2).rtCpu(RT_CPU).command(WorkerCommand.ofGuest()))
            .kernel(kernel).accelerator(Accelerator.TCG).region(region).removeAtEnd(region).removeAtEnd(Path.of(region + ".sock"))
            .stdout(out).stderr(err).progress(log::println).bootTimeout(Duration.ofMinutes(3)).build());
    }

    @Override
    String vm() {
        return "tcg";
    }

    @Override
    List<Long> threads() throws IOException {
        return threads(machine);
    }

    static List<Long> threads(final VirtualMachine machine) throws IOException {
        final List<Long> all = new ArrayList<>(machine.threadIds());
        final Long realTime = machine.vcpuThreadIds().get(RT_CPU);
        all.remove(realTime);
        all.add(0, realTime);
        return all;
    }

    /** Those of the ordinary vCPUs. */
    List<Long> ordinaryVcpus() throws IOException {
        final List<Long> all = new ArrayList<>(machine.vcpuThreadIds());
        all.remove(RT_CPU);
        return all;
    }

    @Override
    long pid() {
        return machine.pid();
    }

    @Override
    String hostAddress() {
        return machine.tap().orElseThrow(() -> new IllegalStateException("the VM was started without a tap device")).host();
    }

    TapAddresses tap() {
        return machine.tap().orElseThrow();
    }

    @Override
    boolean isAlive() {
        return machine.pid() > 0 && ProcessHandle.of(machine.pid()).map(ProcessHandle::isAlive).orElse(false);
    }

    @Override
    public void close() {
        machine.close();
    }
}
