package io.vmrpc.cli;

import io.vmrpc.host.policy.GuestPolicy;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.policy.PolicyException;
import io.vmrpc.host.policy.Transport;
import io.vmrpc.host.policy.Verdict;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./vmrpc policy}: what an operator wants to know of a policy before an agent has it. */
@Command(name = "policy", mixinStandardHelpOptions = true, description = "What guests may reach through an agent.", subcommands = PolicyCommand.Check.class)
final class PolicyCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** For picocli. */
    PolicyCommand() {
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name a command: policy check FILE");
    }

    @Command(name = "check", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Says whether a policy file is valid and, when asked, which of its rules decides.",
        exitCodeListHeading = "Exit status:%n", exitCodeList = {"0:valid, or allowed", "1:refused", "2:wrong usage, or no valid file"})
    static final class Check implements Callable<Integer> {
        private static final int REFUSED = 1;

        @Parameters(paramLabel = "FILE", description = "policy file of ./vmrpc agent --policy")
        private Path file;

        @Option(names = "--region", paramLabel = "FILE", description = "the guest that is asked about, by its region")
        private Path region;

        @Option(names = "--outbound", arity = "2", hideParamSyntax = true, paramLabel = "udp|tcp|unix ADDRESS",
            description = "may it connect or send there? 10.0.0.1:80, [fd00::1]:80 or a path")
        private String[] outbound;

        @Option(names = "--inbound", arity = "2", hideParamSyntax = true, paramLabel = "udp|tcp|unix ADDRESS",
            description = "may it bind and listen there? port 0: one that the system chooses")
        private String[] inbound;

        @Option(names = "--peer", paramLabel = "ADDRESS", description = "with --inbound tcp: may this address connect to it?")
        private String peer;

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        /** For picocli. */
        Check() {
        }

        @Override
        public Integer call() {
            requireQuestion();
            final Policy policy;
            try {
                policy = Policy.load(file);
            } catch (final PolicyException e) {
                spec.commandLine().getErr().println("vmrpc: " + e.getMessage());
                return CommandLine.ExitCode.USAGE;
            }
            if (region == null) {
                say(file + " is valid, guests: " + policy.guestCount());
                return CommandLine.ExitCode.OK;
            }
            return answer(policy);
        }

        private void requireQuestion() {
            if ((outbound == null && inbound == null) != (region == null) || outbound != null && inbound != null) {
                throw wrong("ask with --region and either --outbound or --inbound, or with none of them");
            }
            if (region != null && (outbound == null ? inbound : outbound).length > 2) {
                throw wrong("ask for one address at a time");
            }
            if (peer != null && (inbound == null || !inbound[0].equals("tcp"))) {
                throw wrong("--peer " + peer + " needs --inbound tcp: it asks who may connect to that");
            }
        }

        private int answer(final Policy policy) {
            final Verdict verdict = verdict(policy.forRegion(region));
            say((verdict.isAllowed() ? "allowed" : "refused") + " by rule " + verdict.rule() +
                (policy.hasGuest(region) ? "" : ": " + file + " has no guest for " + region));
            return verdict.isAllowed() ? CommandLine.ExitCode.OK : REFUSED;
        }

        private Verdict verdict(final GuestPolicy guest) {
            final String[] asked = outbound == null ? inbound : outbound;
            final String option = outbound == null ? "--inbound " : "--outbound ";
            final Transport transport;
            final SocketAddress address;
            final SocketAddress other;
            try {
                transport = Endpoint.transport(asked[0]);
                address = Endpoint.address(transport, asked[1]);
                other = peer == null ? null : Endpoint.host(peer);
            } catch (final IllegalArgumentException e) {
                throw wrong(option + asked[0] + " " + asked[1] + (peer == null ? ": " : " --peer " + peer + ": ") + e.getMessage());
            }
            if (outbound != null) {
                return guest.outbound(transport, address);
            }
            return other == null ? guest.inbound(transport, address) : guest.peer(address, other);
        }

        private void say(final String line) {
            spec.commandLine().getOut().println(line);
        }

        private CommandLine.ParameterException wrong(final String message) {
            return new CommandLine.ParameterException(spec.commandLine(), message);
        }
    }
}
