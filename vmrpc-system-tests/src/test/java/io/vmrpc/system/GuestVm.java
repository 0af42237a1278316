package io.vmrpc.system;

import io.vmrpc.system.guest.GuestProgram;
import io.vmrpc.vm.Accelerator;
import io.vmrpc.vm.GuestShell;
import io.vmrpc.vm.VirtualMachine;
import io.vmrpc.vm.VmConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * A guest whose command is a shell that obeys this object, so that the tests of a class share one boot. Each program runs in the background, on the
 * ordinary CPU unless it moves; its output comes back line by line, marked with its number.
 */
final class GuestVm implements AutoCloseable {
    private final GuestShell shell;
    private final Map<Integer, GuestProcess> processes = new ConcurrentHashMap<>();
    private int count;

    private GuestVm(VmConfig.Builder config) throws IOException, InterruptedException {
        shell = GuestShell.start(config.share(Path.of("..")), this::sort);
    }

    /** Boots a guest of two CPUs and waits until its shell is there. */
    static GuestVm start(UnaryOperator<VmConfig.Builder> settings) throws IOException, InterruptedException {
        return new GuestVm(settings.apply(VmConfig.builder().memory("1G").accelerator(Accelerator.TCG)));
    }

    static GuestVm start(Path region) throws IOException, InterruptedException {
        return start(config -> config.region(region));
    }

    VirtualMachine machine() {
        return shell.machine();
    }

    /** {@return a process of the guest's shell command} */
    synchronized GuestProcess run(String command) throws IOException {
        int number = ++count;
        String name = command.length() < 100 ? command : command.substring(0, 40) + "..." + command.substring(command.length() - 50);
        GuestProcess process = new GuestProcess(number + ": " + name, line -> shell.type("echo '" + line + "' >/tmp/in" + number));
        processes.put(number, process);
        // sed marks the lines; the FIFO is opened for reading and writing so that neither end waits for the other
        shell.type(String.format("mkfifo /tmp/in%d; { { %s ; } <>/tmp/in%d 2>&1; echo exit $?; } | sed -u 's/^/%d:/' &", number, command, number, number));
        return process;
    }

    /** {@return {@link GuestProgram} in a JVM of the guest, which has connected} */
    GuestProcess connect() throws IOException, InterruptedException {
        GuestProcess program = program("");
        program.await("connected", 60);
        return program;
    }

    GuestProcess program(String prefix) throws IOException {
        return run(prefix + " " + JavaCommand.line(System.getProperty("java.home"), GuestProgram.class));
    }

    @Override
    public void close() {
        shell.close();
    }

    /** The guest's output, line by line. */
    private void sort(String text) {
        int colon = text.indexOf(':');
        GuestProcess process = colon > 0 && text.substring(0, colon).chars().allMatch(Character::isDigit)
                ? processes.get(Integer.parseInt(text.substring(0, colon))) : null;
        if (process == null) {
            System.out.println("guest: " + text);
        } else {
            process.take(text.substring(colon + 1));
        }
    }
}
