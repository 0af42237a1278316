package io.vmrpc.vm;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./vmrpc vm}: guests. The command {@code run} is added by the caller, which knows where regions come from. */
@Command(name = "vm", description = "Boots guests.", synopsisSubcommandLabel = "COMMAND")
public final class VmCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    private boolean help;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "vm: say what to do, for example vm run -- uname -a");
    }
}
