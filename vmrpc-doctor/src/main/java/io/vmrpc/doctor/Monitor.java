package io.vmrpc.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.vmrpc.host.qmp.QmpClient;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one VM's monitor says (QMP).
 *
 * @param pid of the QEMU
 * @param version of the QEMU
 * @param vcpus thread to number of the vCPU
 */
record Monitor(int pid, String version, Map<Integer, Integer> vcpus) {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Pattern TGID = Pattern.compile("(?m)^Tgid:\\s*([0-9]+)$");

    /**
     * Asks, and leaves the monitor to the next one.
     *
     * @throws IOException if nobody answers there, or its QEMU is not of this machine; the message says what to do
     */
    static Monitor ask(Path socket, KernelTree tree) throws IOException {
        try (QmpClient qmp = new QmpClient(SocketChannel.open(UnixDomainSocketAddress.of(socket)), TIMEOUT, event -> { })) {
            JsonNode number = qmp.execute("query-version").path("qemu");
            Map<Integer, Integer> vcpus = new HashMap<>();
            for (JsonNode vcpu : qmp.execute("query-cpus-fast")) {
                vcpus.put(vcpu.path("thread-id").asInt(), vcpu.path("cpu-index").asInt());
            }
            return new Monitor(process(tree, vcpus.keySet().iterator().next()),
                    number.path("major").asInt() + "." + number.path("minor").asInt() + "." + number.path("micro").asInt(), Map.copyOf(vcpus));
        } catch (IOException e) {
            throw new IOException("--qmp " + socket + ": " + e.getMessage() + "; name the socket of -qmp unix:FILE,server=on,wait=off, which serves one client at a time", e);
        }
    }

    private static int process(KernelTree tree, int tid) throws IOException {
        Reading status = tree.read("proc/" + tid + "/status");
        Matcher group = TGID.matcher(status.isKnown() ? status.text() : "");
        if (!group.find()) {
            throw new IOException("its vCPU thread " + tid + " is none of this machine's, run this in the PID namespace of QEMU");
        }
        return Integer.parseInt(group.group(1));
    }

    int vcpu(int tid) {
        return vcpus.getOrDefault(tid, -1);
    }
}
