package io.vmrpc.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ./vmrpc vm run}: boots a guest, runs one command in it and returns its output and exit status. Failures of the guest
 * itself end with status 125, so that they are not taken for the command's.
 */
@Command(name = "run", description = "Boots a guest on this machine's root file system (read-only) and runs a command in it.",
        sortOptions = false, footerHeading = "%n",
        footer = "The exit status is the command's; 125 if the guest could not run it.")
public final class VmRunCommand implements Callable<Integer> {
    /** Exit status if the guest failed. */
    public static final int GUEST_FAILED = 125;

    /** The words of --accel. */
    private enum Wanted {
        AUTO(null), KVM(Accelerator.KVM), TCG(Accelerator.TCG);

        private final @Nullable Accelerator accelerator;

        Wanted(@Nullable Accelerator accelerator) {
            this.accelerator = accelerator;
        }
    }

    private final RegionSource.@Nullable Opener regions;

    @Spec private CommandSpec spec;

    @Option(names = "--cpus", paramLabel = "N", defaultValue = "2", description = "virtual CPUs (default: ${DEFAULT-VALUE})")
    private int cpus;

    @Option(names = "--rt-cpu", paramLabel = "CPU|none",
            description = "CPU kept for real-time threads (default: 1 if there are two or more CPUs)")
    private @Nullable String rtCpu;

    @Option(names = "--kernel", paramLabel = "rt|cloud|FILE", defaultValue = "rt", description = "guest kernel (default: ${DEFAULT-VALUE})")
    private String kernel;

    @Option(names = "--net", paramLabel = "tap|none", defaultValue = "none",
            description = "network; tap sets VMRPC_HOST_ADDRESS and VMRPC_GUEST_ADDRESS in the guest (default: ${DEFAULT-VALUE})")
    private String network;

    @Option(names = "--mem", paramLabel = "SIZE", defaultValue = "2G", description = "memory (default: ${DEFAULT-VALUE})")
    private String memory;

    @Option(names = "--accel", paramLabel = "auto|kvm|tcg", defaultValue = "auto",
            description = "what executes the guest's code; auto takes KVM if it can run the guest here (default: ${DEFAULT-VALUE})")
    private String accelerator;

    @Option(names = "--park", paramLabel = "auto|halted|futex", defaultValue = "auto",
            description = "how a parked vCPU waits under KVM (default: ${DEFAULT-VALUE})")
    private String park;

    @Option(names = "--region", paramLabel = "FILE|none", description = "use this region, or none (default: an agent in this process)")
    private @Nullable String region;

    @Option(names = "--env", paramLabel = "NAME=VALUE", description = "set a variable in the command's environment; may be repeated")
    private List<String> environment = new ArrayList<>();

    @Option(names = "--stdin", description = "pass this process's input to the command")
    private boolean stdin;

    @Option(names = "--quiet", description = "no progress lines")
    private boolean quiet;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    private boolean help;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "program and arguments, after --")
    private List<String> command = new ArrayList<>();

    /**
     * @param regions opens the region of a guest that was given none; null if guests then have none
     */
    public VmRunCommand(RegionSource.@Nullable Opener regions) {
        this.regions = regions;
    }

    /**
     * {@return the command {@code vm} with its subcommand {@code run}}
     *
     * @param regions opens the region of a guest that was given none; null if guests then have none
     */
    public static CommandLine commandLine(RegionSource.@Nullable Opener regions) {
        CommandLine vm = new CommandLine(new VmCommand());
        // options end at the first word of the guest's command, even without --
        vm.addSubcommand(new CommandLine(new VmRunCommand(regions)).setStopAtPositional(true));
        return vm;
    }

    @Override
    public Integer call() throws Exception {
        VmConfig.Builder builder = configure();
        VmConfig checked = build(builder); // before anything is created
        try {
            return region == null && regions != null ? runWithOwnRegion(builder, checked.cpus()) : run(checked);
        } catch (IOException e) {
            System.err.println("vmrpc: " + e.getMessage());
            return GUEST_FAILED;
        }
    }

    /** Its files are listed in a run folder before they exist: the next run removes them if this process is killed before it has a supervisor. */
    private int runWithOwnRegion(VmConfig.Builder builder, int vcpus) throws IOException, InterruptedException {
        Path file = Path.of("/dev/shm", "vmrpc-vm-" + ProcessHandle.current().pid());
        Path socket = Path.of(file + ".sock");
        try (RunFolder listed = RunFolder.create(List.of(file, socket)); RegionSource source = regions.open(file, vcpus)) {
            return run(build(builder.region(source.region()).removeAtEnd(file).removeAtEnd(socket).removeAtEnd(listed.path())));
        }
    }

    private static int run(VmConfig config) throws IOException, InterruptedException {
        try (VirtualMachine machine = VirtualMachine.start(config)) {
            return machine.waitFor();
        }
    }

    private VmConfig.Builder configure() {
        VmConfig.Builder builder = VmConfig.builder().cpus(cpus).rtCpu(realTimeCpu()).kernel(kernel).memory(memory).command(command)
                .network(choice("--net", network, VmConfig.Network.class))
                .accelerator(choice("--accel", accelerator, Wanted.class).accelerator).park(choice("--park", park, ParkMode.class));
        String home = System.getProperty("vmrpc.home");
        if (home != null) {
            builder.share(Path.of(home));
        }
        for (String assignment : environment) {
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                throw wrong("--env " + assignment + ": give NAME=VALUE");
            }
            builder.environment(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
        if (region != null && !region.equals("none")) {
            if (!Files.isRegularFile(Path.of(region))) {
                throw wrong("--region " + region + ": no such file; give a region that an agent has created, or none");
            }
            builder.region(Path.of(region).toAbsolutePath());
        }
        if (stdin) {
            builder.stdin(System.in);
        }
        if (!quiet) {
            builder.progress(line -> System.err.println("vmrpc: " + line));
        }
        return builder;
    }

    private int realTimeCpu() {
        if (rtCpu == null) {
            return cpus >= 2 ? 1 : -1;
        }
        if (rtCpu.equals("none")) {
            return -1;
        }
        if (!rtCpu.matches("[0-9]{1,3}")) {
            throw wrong("--rt-cpu " + rtCpu + ": give the number of a guest CPU, or none");
        }
        return Integer.parseInt(rtCpu);
    }

    private <E extends Enum<E>> E choice(String option, String word, Class<E> values) {
        List<String> names = new ArrayList<>();
        for (E value : values.getEnumConstants()) {
            if (value.name().toLowerCase(Locale.ROOT).equals(word)) {
                return value;
            }
            names.add(value.name().toLowerCase(Locale.ROOT));
        }
        throw wrong(option + " " + word + ": give " + String.join(" or ", names));
    }

    private VmConfig build(VmConfig.Builder builder) {
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
