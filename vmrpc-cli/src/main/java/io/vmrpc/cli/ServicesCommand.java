package io.vmrpc.cli;

import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.services.Reflection.ServiceInfo;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./vmrpc services}: what typed services an agent offers. */
@Command(name = "services", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Lists the typed services of an agent with their methods.")
final class ServicesCommand implements Callable<Integer> {
    @CommandLine.Mixin
    private RegionGuest.Choice choice;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** For picocli. */
    ServicesCommand() {
    }

    @Override
    public Integer call() {
        final PrintWriter out = spec.commandLine().getOut();
        try (RegionGuest guest = choice.open()) {
            for (final ServiceInfo service : guest.services()) {
                out.println(service.name() + "@" + service.version());
                for (final String line : service.methods()) {
                    final MethodDescriptor method = MethodDescriptor.parse(service.name(), line);
                    out.printf("  %-9s %s%n", method.style().name().toLowerCase(Locale.ROOT), method.signature());
                }
            }
        }
        out.flush();
        return 0;
    }
}
