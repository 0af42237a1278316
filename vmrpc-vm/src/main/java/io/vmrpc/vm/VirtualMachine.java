package io.vmrpc.vm;

import com.fasterxml.jackson.databind.JsonNode;
import io.vmrpc.host.qmp.QmpClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One guest, from power-on to its end. All methods may be called by any thread. Closing ends the guest if it still runs and
 * removes everything it needed; the same happens without it when this process ends.
 */
public final class VirtualMachine implements AutoCloseable {
    private static final Duration QMP_TIMEOUT = Duration.ofSeconds(20);
    private static final int LOG_LINES = 12;
    private static final String PANIC = "Kernel panic - not syncing: ";

    private final VmConfig config;
    private final RunFolder folder;
    private final GuestStreams streams;
    private final ShutdownHook shutdownHook = new ShutdownHook(this::close, "vmrpc-vm-shutdown");
    private @Nullable SupervisedProcess qemu;
    private @Nullable SupervisedProcess rootServer;
    private @Nullable QmpClient qmp;
    private @Nullable TapAddresses tap;
    private CompletableFuture<Void> outputs = new CompletableFuture<>();
    private boolean closed;

    private VirtualMachine(VmConfig config) throws IOException {
        this.config = config;
        this.folder = RunFolder.create(config.removeAtEnd());
        this.streams = new GuestStreams(config.progress());
    }

    /**
     * Powers a guest on. Returns when QEMU answers, so that its vCPU threads exist; the guest is then still booting.
     *
     * @param config what to boot and to run
     * @return the guest
     * @throws VmException in one sentence: what is missing or wrong
     * @throws IOException if a file or socket cannot be created
     */
    public static VirtualMachine start(VmConfig config) throws IOException {
        VirtualMachine machine = new VirtualMachine(config);
        try {
            machine.powerOn();
            return machine;
        } catch (IOException | RuntimeException e) {
            machine.close();
            throw e;
        }
    }

    private void powerOn() throws IOException {
        shutdownHook.add();
        EndMark mark = EndMark.random();
        KernelPackage kernel = KernelPackage.locate(config.kernel());
        RootShare root = RootShare.of(kernel);
        List<String> ports = new ArrayList<>(List.of("control", "stdout", "stderr"));
        if (config.stdin() != null) {
            ports.add("stdin");
        }
        List<String> sockets = new ArrayList<>(ports);
        sockets.add("qmp");
        try (GuestPorts listeners = GuestPorts.listen(folder, sockets);
                TapNetwork network = config.network() == VmConfig.Network.TAP ? TapNetwork.choose() : null) {
            tap = network == null ? null : network.addresses();
            Initramfs.write(kernel, GuestScript.of(config, root, mark, tap), folder.file("initramfs"));
            AcceleratorChoice choice = AcceleratorChoice.of(config);
            Path region = config.region();
            QemuShim shim = region == null ? QemuShim.absent()
                    : QemuShim.attach(choice.accelerator(), config.shim(), config.park(), region, folder.path());
            if (root == RootShare.VIRTIOFS) {
                SupervisedProcess server = RootServer.start(folder);
                synchronized (this) {
                    rootServer = server;
                }
            }
            config.progress().accept("starting kernel " + kernel.version() + " in QEMU with " + choice.accelerator() + ": " + choice.reason());
            SupervisedProcess process = SupervisedProcess.start("qemu", QemuCommand.of(config, kernel, folder, ports, tap, choice.accelerator(), shim), folder,
                    shim.environment(), Stream.concat(config.removeAtEnd().stream(), Stream.of(folder.path())).toList());
            synchronized (this) {
                qemu = process;
            }
            process.onEnd(listeners::close);
            connect(listeners, mark);
            if (network != null) {
                network.configureHost();
            }
        }
    }

    private void connect(GuestPorts ports, EndMark mark) throws IOException {
        try {
            streams.readControl(ports.accept("control"));
            outputs = CompletableFuture.allOf(streams.copyOutput("stdout", ports.accept("stdout"), mark, config.stdout()),
                    streams.copyOutput("stderr", ports.accept("stderr"), mark, config.stderr()));
            InputStream stdin = config.stdin();
            if (stdin != null) {
                streams.copyInput(stdin, ports.accept("stdin"));
            }
            qmp = new QmpClient(ports.accept("qmp"), QMP_TIMEOUT, event -> { });
        } catch (IOException e) {
            List<String> log = SupervisedProcess.lastLines(folder.file("qemu.log"), LOG_LINES);
            throw new VmException("QEMU did not start" + (log.isEmpty() ? ": " + e : ": " + String.join("\n  ", log)), e);
        }
    }

    /** {@return the monitor} */
    public QmpClient qmp() {
        if (qmp == null) {
            throw new IllegalStateException("the guest is not powered on");
        }
        return qmp;
    }

    /** {@return both addresses, if the guest has a network} */
    public Optional<TapAddresses> tap() {
        return Optional.ofNullable(tap);
    }

    /** {@return QEMU's process id} */
    public synchronized long pid() {
        return qemu == null ? -1 : qemu.pid();
    }

    /**
     * {@return the host's thread id of each vCPU; the index is the vCPU's in QEMU}
     *
     * @throws IOException if QEMU has ended
     */
    public List<Long> vcpuThreadIds() throws IOException {
        List<Long> ids = new ArrayList<>();
        for (JsonNode cpu : qmp().execute("query-cpus-fast")) {
            int index = cpu.path("cpu-index").asInt();
            while (ids.size() <= index) {
                ids.add(-1L);
            }
            ids.set(index, cpu.path("thread-id").asLong());
        }
        return ids;
    }

    /**
     * {@return the ids of all threads of QEMU, the vCPUs' among them}
     *
     * @throws IOException if /proc cannot be read
     */
    public synchronized List<Long> threadIds() throws IOException {
        return qemu == null ? List.of() : qemu.threadIds();
    }

    /**
     * Waits until the command starts.
     *
     * @return the time that took from power-on
     * @throws VmException if the guest does not get there within the boot timeout
     * @throws InterruptedException if interrupted
     */
    public Duration awaitStarted() throws VmException, InterruptedException {
        try {
            return streams.started().get(config.bootTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw diagnosis("the guest did not start its command within " + config.bootTimeout().toSeconds() + " s");
        } catch (ExecutionException e) {
            throw diagnosis(e.getCause());
        }
    }

    /**
     * Waits until the command has ended and all its output has been written.
     *
     * @return its exit status; 128 and the signal's number if a signal killed it
     * @throws VmException if the guest ends without it: what happened, and the last lines of the guest's console
     * @throws InterruptedException if interrupted
     */
    public int waitFor() throws VmException, InterruptedException {
        awaitStarted();
        try {
            int status = streams.ended().get();
            outputs.get();
            return status;
        } catch (ExecutionException e) {
            throw diagnosis(e.getCause());
        }
    }

    /**
     * As {@link #waitFor()}, but not for ever.
     *
     * @param longest how long to wait
     * @return the exit status, or empty if the command still runs
     * @throws VmException if the guest ends without it
     * @throws InterruptedException if interrupted
     */
    public Optional<Integer> waitFor(Duration longest) throws VmException, InterruptedException {
        try {
            return Optional.of(streams.ended().thenCombine(outputs, (status, nothing) -> status).get(longest.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw diagnosis(e.getCause());
        }
    }

    private VmException diagnosis(Throwable cause) {
        if (cause instanceof VmException) {
            return diagnosis(cause.getMessage());
        }
        List<String> console = SupervisedProcess.lastLines(folder.file("console.log"), Integer.MAX_VALUE);
        return console.stream().filter(line -> line.contains(PANIC)).findFirst()
                .map(line -> diagnosis("the guest kernel panicked: " + line.substring(line.indexOf(PANIC) + PANIC.length())))
                .orElseGet(() -> diagnosis("the guest ended before its command did"));
    }

    private VmException diagnosis(String sentence) {
        StringBuilder message = new StringBuilder(sentence);
        append(message, "QEMU says", folder.file("qemu.log"));
        append(message, "the guest's console ends with", folder.file("console.log"));
        return new VmException(message.toString());
    }

    private static void append(StringBuilder message, String heading, Path log) {
        List<String> lines = SupervisedProcess.lastLines(log, LOG_LINES);
        if (!lines.isEmpty()) {
            message.append("; ").append(heading).append(":\n  ").append(String.join("\n  ", lines));
        }
    }

    /** Ends the guest if it still runs, and removes its files. Does nothing the second time. */
    @Override
    public void close() {
        try {
            shutDown();
        } catch (IOException e) {
            config.progress().accept("cannot remove " + folder.path() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the supervisor goes on with it
        }
    }

    private synchronized void shutDown() throws IOException, InterruptedException {
        if (closed) {
            return;
        }
        closed = true;
        shutdownHook.remove();
        if (qemu != null) {
            qemu.end();
        }
        if (rootServer != null) {
            rootServer.end();
        }
        if (qmp != null) {
            qmp.close();
        }
        folder.close();
    }
}
