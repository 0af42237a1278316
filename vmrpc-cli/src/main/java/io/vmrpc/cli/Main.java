package io.vmrpc.cli;

import io.vmrpc.doctor.DoctorCommand;
import io.vmrpc.layout.Protocol;
import io.vmrpc.natives.Native;
import io.vmrpc.vm.VmRunCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** Entry point of {@code ./vmrpc}. */
@Command(name = "vmrpc", mixinStandardHelpOptions = true, versionProvider = Main.Version.class, sortOptions = false,
    description = "Long-polling RPC between applications in a virtual machine and an agent on its host.",
    subcommands = {DemoCommand.class, BenchCommand.class, AgentCommand.class, ServicesCommand.class, CallCommand.class, PolicyCommand.class, VcpuCommand.class,
        DoctorCommand.class},
    footerHeading = "%n", footer = "./vmrpc test [--full] builds everything and runs the tests.")
public final class Main implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** For picocli. */
    Main() {
    }

    /**
     * Runs the command line and exits with its status: 0 success, 1 failure, 2 wrong usage.
     *
     * @param args words after {@code ./vmrpc}.
     */
    public static void main(final String[] args) {
        final CommandLine line = new CommandLine(new Main());
        line.addSubcommand("vm", VmRunCommand.commandLine(AgentRegion::open));
        line.setParameterExceptionHandler(new WrongUsage());
        line.setExecutionExceptionHandler((failure, command, result) -> {
            command.getErr().println("vmrpc: " + (failure.getMessage() == null ? failure.toString() : failure.getMessage()));
            if (Boolean.getBoolean("vmrpc.trace")) {
                failure.printStackTrace(command.getErr());
            }
            return 1;
        });
        System.exit(line.execute(args));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name a command: demo, bench, agent, services, call, policy, vcpu, doctor, vm run or test");
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            final String abi = Native.unavailabilityCause() == null ? Protocol.versionText(Native.vmrpc_abi_version()) : "not loaded";
            return new String[] {"VMRPC protocol " + Protocol.versionText(Protocol.VERSION) + ", native library " + abi,
                "JVM " + System.getProperty("java.version")};
        }
    }
}
