package io.vmrpc.cli;

import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** Answers a wrong command line with one sentence: what is wrong and what to do. The usage text is for {@code --help}. */
final class WrongUsage implements IParameterExceptionHandler {
    @Override
    public int handleParseException(final ParameterException error, final String[] args) {
        // a command's own refusals say what to do; picocli's say only what is wrong
        final boolean own = error.getClass() == ParameterException.class && error.getArgSpec() == null;
        final String remedy = own ? "" : "; ./" + error.getCommandLine().getCommandSpec().qualifiedName() + " --help lists what there is";
        error.getCommandLine().getErr().println("vmrpc: " + error.getMessage().replaceFirst("^Error: ", "") + remedy);
        return ExitCode.USAGE;
    }
}
