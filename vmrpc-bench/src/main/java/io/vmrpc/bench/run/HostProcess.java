package io.vmrpc.bench.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A program as an ordinary process of the host, where others run it in VMs. */
final class HostProcess implements Competitor {
    private final OrdinaryVm.CommandLine command;
    private volatile long pid;

    HostProcess(final OrdinaryVm.CommandLine command) {
        this.command = command;
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public String run(final String join) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(List.of("setpriv", "--pdeathsig", "TERM", "sh", "-c", "exec " + command.joining(join)))
            .redirectErrorStream(true).start();
        pid = process.pid();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the host's process " + command.joining("...") + " failed: " + output.strip());
        }
        return output;
    }
}
