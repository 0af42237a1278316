package io.vmrpc.vm;

import com.fasterxml.jackson.databind.JsonNode;
import io.vmrpc.host.qmp.QmpClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The guest of native/guest in stock QEMU: a client of the protocol without an operating system, which also runs where KVM interprets the guest's code
 * and Linux cannot boot. It does its job, prints lines, and ends the VM with the line {@code end ok} or {@code end failed REASON}.
 *
 * <p>All methods may be called by any thread. Closing ends the VM and removes its files; the same happens without it when this process ends. Under an
 * interpreting KVM the BIOS alone takes ten seconds; image ROM does without.
 */
public final class FreestandingGuest implements AutoCloseable {
    private static final Duration QMP_TIMEOUT = Duration.ofSeconds(20);
    private static final int LOG_LINES = 12;
    private static final String END = "end ";

    private final FreestandingConfig config;
    private final RunFolder folder;
    private final ShutdownHook shutdownHook = new ShutdownHook(this::close, "vmrpc-guest-shutdown");
    private final List<String> lines = new ArrayList<>();
    private boolean isOutputOver;
    private @Nullable SupervisedProcess qemu;
    private @Nullable QmpClient qmp;
    private boolean isClosed;

    private FreestandingGuest(FreestandingConfig config) throws IOException {
        this.config = config;
        this.folder = RunFolder.create(List.of());
    }

    /**
     * Powers the guest on; returns when QEMU answers.
     *
     * @param config what it runs, and how
     * @return the guest
     * @throws VmException in one sentence: what is missing or wrong
     * @throws IOException if a file or socket cannot be created
     */
    public static FreestandingGuest start(FreestandingConfig config) throws IOException {
        FreestandingGuest guest = new FreestandingGuest(config);
        try {
            guest.powerOn();
            return guest;
        } catch (IOException | RuntimeException e) {
            guest.close();
            throw e;
        }
    }

    private void powerOn() throws IOException {
        shutdownHook.add();
        try (GuestPorts ports = GuestPorts.listen(folder, List.of("output", "qmp"))) {
            Path region = config.region();
            QemuShim shim = region == null ? QemuShim.absent()
                    : QemuShim.attach(config.accelerator(), config.shim(), config.park(), region, folder.path());
            Map<String, String> environment = new HashMap<>(shim.environment());
            environment.putAll(config.environment());
            SupervisedProcess process = SupervisedProcess.start("qemu", command(shim), folder, environment, List.of(folder.path()));
            synchronized (this) {
                qemu = process;
            }
            process.onEnd(ports::close);
            SocketChannel output = ports.accept("output");
            Thread reader = new Thread(() -> read(output), "vmrpc-guest-output");
            reader.setDaemon(true);
            reader.start();
            qmp = new QmpClient(ports.accept("qmp"), QMP_TIMEOUT, event -> { });
        } catch (IOException e) {
            throw new VmException("QEMU did not start: " + log(), e);
        }
    }

    private List<String> command(QemuShim shim) throws IOException {
        List<String> words = new ArrayList<>(List.of(QemuCommand.PROGRAM, "-nodefaults", "-no-user-config", "-display", "none",
                "-name", "vmrpc,debug-threads=on", "-machine", "pc", "-smp", Integer.toString(config.vcpus()), "-m", "64M"));
        words.addAll(config.accelerator().arguments()); // QEMU's default CPU: an interpreting KVM may refuse what the host's own has
        words.addAll(config.image().arguments(NativeFiles.extract(config.image().file(), folder.path())));
        words.addAll(List.of("-fw_cfg", "name=opt/vmrpc/job,string=" + config.job().replace(",", ",,"), "-device", "isa-debug-exit",
                "-chardev", QemuCommand.socket("output", folder), "-device", "isa-debugcon,iobase=0xe9,chardev=output",
                "-chardev", QemuCommand.socket("qmp", folder), "-mon", "chardev=qmp,mode=control"));
        words.addAll(shim.arguments());
        words.addAll(config.arguments());
        return words;
    }

    private void read(SocketChannel output) {
        try (BufferedReader reader = new BufferedReader(Channels.newReader(output, StandardCharsets.US_ASCII))) {
            for (String line; (line = reader.readLine()) != null;) {
                take(line);
            }
        } catch (IOException e) {
            // as good as end of file: QEMU is gone
        }
        synchronized (lines) {
            isOutputOver = true;
            lines.notifyAll();
        }
    }

    private void take(String line) {
        synchronized (lines) {
            lines.add(line);
            lines.notifyAll();
        }
    }

    /** {@return the monitor; closed once the guest has ended} */
    public QmpClient qmp() {
        if (qmp == null) {
            throw new IllegalStateException("the guest is not powered on");
        }
        return qmp;
    }

    /** {@return QEMU's process id} */
    public synchronized long pid() {
        return qemu == null ? -1 : qemu.pid();
    }

    /**
     * {@return the host's thread id of each vCPU, by its index}
     *
     * @throws IOException if QEMU has ended
     */
    public List<Long> vcpuThreadIds() throws IOException {
        List<Long> ids = new ArrayList<>();
        for (JsonNode cpu : qmp().execute("query-cpus-fast")) {
            ids.add(cpu.path("thread-id").asLong());
        }
        return ids;
    }

    /** {@return what the guest has printed so far} */
    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /**
     * Waits until the guest has printed a line that begins so, for the first time or earlier.
     *
     * @param beginning of the line
     * @param longest how long to wait
     * @return the line
     * @throws VmException if it does not come, with all that the guest and QEMU have said
     * @throws InterruptedException if interrupted
     */
    public String awaitLine(String beginning, Duration longest) throws VmException, InterruptedException {
        return awaitLine(line -> line.startsWith(beginning), 1, "line '" + beginning + "'", longest);
    }

    /**
     * Waits until the guest has printed so many lines of a kind.
     *
     * @param isWanted the kind
     * @param count 1 for the first
     * @param what its name, for the message
     * @param longest how long to wait
     * @return the last of them
     * @throws VmException if it does not come, with all that the guest and QEMU have said
     * @throws InterruptedException if interrupted
     */
    public String awaitLine(Predicate<String> isWanted, int count, String what, Duration longest) throws VmException, InterruptedException {
        long until = System.nanoTime() + longest.toNanos();
        int seen = 0;
        int at = 0;
        synchronized (lines) {
            while (true) {
                for (; at < lines.size(); at++) {
                    if (isWanted.test(lines.get(at)) && ++seen == count) {
                        return lines.get(at);
                    }
                }
                long left = (until - System.nanoTime()) / 1_000_000;
                if (isOutputOver || left <= 0) {
                    throw new VmException("no " + what + (isOutputOver ? " before the guest's end" : " within " + longest.toSeconds() + " s") + "; " + log());
                }
                lines.wait(left);
            }
        }
    }

    /**
     * Waits for the guest's last line.
     *
     * @param longest how long to wait
     * @return {@code ok}, or {@code failed} and the reason
     * @throws VmException if it does not come
     * @throws InterruptedException if interrupted
     */
    public String waitForEnd(Duration longest) throws VmException, InterruptedException {
        return awaitLine(END, longest).substring(END.length());
    }

    /** {@return the last lines of guest and QEMU, for messages} */
    public String log() {
        List<String> printed = lines();
        return "the guest printed:\n  " + String.join("\n  ", printed.subList(Math.max(0, printed.size() - LOG_LINES), printed.size()))
                + "\nQEMU says:\n  " + String.join("\n  ", qemuLog());
    }

    /** {@return what QEMU and the shim have said: their last lines} */
    public List<String> qemuLog() {
        return SupervisedProcess.lastLines(folder.file("qemu.log"), LOG_LINES);
    }

    /** Ends the VM if it still runs, and removes its files. Does nothing the second time. */
    @Override
    public void close() {
        try {
            shutDown();
        } catch (IOException e) {
            // the next run sweeps the folder
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the supervisor goes on with it
        }
    }

    private synchronized void shutDown() throws IOException, InterruptedException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        shutdownHook.remove();
        if (qemu != null) {
            qemu.end();
        }
        if (qmp != null) {
            qmp.close();
        }
        folder.close();
    }
}
