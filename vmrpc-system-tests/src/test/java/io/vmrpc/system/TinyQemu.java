package io.vmrpc.system;

import io.vmrpc.host.qmp.QmpClient;
import io.vmrpc.host.vcpu.VcpuThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A QEMU without a guest worth the name, whose sandbox forbids it to change its own scheduling: what an external control must cope with. */
final class TinyQemu implements AutoCloseable {
    /** The processor's first instruction is in the last 16 bytes below 4 GiB, and so of the firmware. */
    private static final int RESET = 0xfff0;
    private static final byte[] JUMP_TO_ITSELF = {(byte) 0xeb, (byte) 0xfe};

    private final Process process;
    private final Path socket;

    private TinyQemu(Process process, Path socket) {
        this.process = process;
        this.socket = socket;
    }

    /**
     * @param folder for its socket and firmware
     * @param options beside the usual ones; {@code -S}: its vCPUs never execute anything, else they spin for ever
     */
    static TinyQemu start(Path folder, String... options) throws IOException, InterruptedException {
        byte[] firmware = new byte[1 << 16];
        System.arraycopy(JUMP_TO_ITSELF, 0, firmware, RESET, JUMP_TO_ITSELF.length);
        Files.write(folder.resolve("spin.bin"), firmware);
        Path socket = folder.resolve("qmp");
        List<String> words = new ArrayList<>(List.of("qemu-system-x86_64", "-accel", "tcg,thread=multi", "-m", "16", "-display", "none", "-nodefaults",
                "-bios", folder.resolve("spin.bin").toString(), "-qmp", "unix:" + socket + ",server=on,wait=off", "-sandbox", "on,resourcecontrol=deny"));
        words.addAll(List.of(options));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(folder.resolve("qemu.log").toFile()).start();
        TinyQemu qemu = new TinyQemu(process, socket);
        while (!Files.exists(socket)) {
            if (!process.isAlive()) {
                throw new AssertionError("QEMU ended: " + Files.readString(folder.resolve("qemu.log")));
            }
            Thread.sleep(10);
        }
        return qemu;
    }

    Path socket() {
        return socket;
    }

    int pid() {
        return (int) process.pid();
    }

    VcpuThread vcpu(int index) throws IOException {
        try (QmpClient qmp = QmpClient.connect(socket, Duration.ofSeconds(20))) {
            return VcpuThread.find(qmp, index);
        }
    }

    List<Integer> threads() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid() + "/task"))) {
            return tasks.map(task -> Integer.parseInt(task.getFileName().toString())).sorted().toList();
        }
    }

    /** SIGKILL; returns when it is gone. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
