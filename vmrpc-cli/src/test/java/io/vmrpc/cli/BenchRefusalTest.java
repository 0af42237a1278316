package io.vmrpc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What cannot be measured, or not be written, is said before anything runs. */
@Timeout(60)
class BenchRefusalTest {
    @TempDir
    Path folder;

    private static void refused(final String reason, final String... arguments) {
        final StringWriter errors = new StringWriter();
        final CommandLine line = new CommandLine(new BenchCommand()).setErr(new PrintWriter(errors)).setParameterExceptionHandler(new WrongUsage());
        assertEquals(CommandLine.ExitCode.USAGE, line.execute(arguments));
        assertEquals(1, errors.toString().lines().count(), errors::toString);
        assertTrue(errors.toString().contains(reason), errors::toString);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "timer --vm kvm --load guest|--load guest needs a Linux guest",
        "timer --vm kvm --load both|--load both needs a Linux guest",
        "timer --vm none --load guest|--load guest needs a Linux guest",
        "timer --vm kvm --kernel cloud|--kernel is for the Linux guest of --vm tcg",
        "rpc --vm none --kernel rt|--kernel is for the Linux guest of --vm tcg",
        "rpc --vm kvm|its guest has no operating system",
        "rpc --peers --vm none|--vm is for calls from a guest",
        "rpc --peers --load host|--load is for calls from a guest",
        "exit --vm none|there is no exit without a VM",
        "density --vm none|sessions without a VM are measured anyway",
        "exit --load host|Unknown option",
        "timer --vm xen|expected one of [none, tcg, kvm]",
        "timer --vm kvm --json /|--json / cannot be written",
        "exit --json /absent/rows.json|--json /absent/rows.json cannot be written",
    })
    void whatCannotBeMeasured(final String arguments, final String reason) {
        refused(reason, arguments.split(" "));
    }

    @Test
    void aFolderIsNoFile() {
        refused("--html " + folder + " cannot be written", "timer", "--vm", "kvm", "--html", folder.toString());
    }
}
