package io.vmrpc.vm;

import picocli.CommandLine.Command;

/** {@code ./vmrpc vm}: guests. The command {@code run} is added by the caller, which knows where regions come from. */
@Command(name = "vm", description = "Boots guests.", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
public final class VmCommand {}
