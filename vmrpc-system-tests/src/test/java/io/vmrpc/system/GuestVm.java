package io.vmrpc.system;

import io.vmrpc.system.guest.GuestProgram;
import io.vmrpc.vm.Accelerator;
import io.vmrpc.vm.VirtualMachine;
import io.vmrpc.vm.VmConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * A guest whose command is a shell that obeys this object, so that the tests of a class share one boot. Each program runs in the background, on the
 * ordinary CPU unless it moves; its output comes back line by line, marked with its number.
 */
final class GuestVm implements AutoCloseable {
    private final VirtualMachine machine;
    private final PipedOutputStream shell = new PipedOutputStream();
    private final Map<Integer, GuestProcess> processes = new ConcurrentHashMap<>();
    private int count;

    private GuestVm(VmConfig.Builder config) throws IOException {
        PipedInputStream input = new PipedInputStream(shell, 1 << 16);
        machine = VirtualMachine.start(config.command(List.of("sh")).share(Path.of("..")).stdin(input).stdout(new Lines())
                .stderr(new Lines()).build());
    }

    /** Boots a guest of two CPUs and waits until its shell is there. */
    static GuestVm start(UnaryOperator<VmConfig.Builder> settings) throws IOException, InterruptedException {
        GuestVm vm = new GuestVm(settings.apply(VmConfig.builder().memory("1G").accelerator(Accelerator.TCG)));
        try {
            vm.machine.awaitStarted();
            return vm;
        } catch (IOException | InterruptedException | RuntimeException e) {
            vm.close();
            throw e;
        }
    }

    static GuestVm start(Path region) throws IOException, InterruptedException {
        return start(config -> config.region(region));
    }

    VirtualMachine machine() {
        return machine;
    }

    /** {@return a process of the guest's shell command} */
    synchronized GuestProcess run(String command) throws IOException {
        int number = ++count;
        String name = command.length() < 100 ? command : command.substring(0, 40) + "..." + command.substring(command.length() - 50);
        GuestProcess process = new GuestProcess(number + ": " + name, line -> write("echo '" + line + "' >/tmp/in" + number));
        processes.put(number, process);
        // sed marks the lines; the FIFO is opened for reading and writing so that neither end waits for the other
        write(String.format("mkfifo /tmp/in%d; { { %s ; } <>/tmp/in%d 2>&1; echo exit $?; } | sed -u 's/^/%d:/' &", number, command, number, number));
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

    private synchronized void write(String line) throws IOException {
        shell.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        shell.flush();
    }

    @Override
    public void close() {
        machine.close();
    }

    /** Sorts the guest's output. */
    private final class Lines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            if (b != '\n') {
                line.write(b);
                return;
            }
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
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
}
