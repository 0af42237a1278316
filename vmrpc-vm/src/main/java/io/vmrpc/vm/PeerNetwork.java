package io.vmrpc.vm;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A network of its own for the peers of a guest's sockets: a network namespace that a veth pair joins to the host, as a cable would another machine. Guests with
 * a tap device reach it too, because the host forwards between the two devices. Needs root and iproute2.
 *
 * <p>Named after this process, so that {@link #create} can remove what a killed one left. Not thread-safe.
 */
public final class PeerNetwork implements AutoCloseable {
    private static final String PREFIX = "vmrpc-";
    private static final String PEERS = "peer";
    private static final int CANDIDATES = 1024;
    private final String namespace;
    private final String device;
    private final String host;
    private final String peer;
    private boolean isThere;

    private PeerNetwork(String name, int number) {
        namespace = PREFIX + name + "-" + ProcessHandle.current().pid();
        device = "vmrpcp" + number;
        // 198.18.0.0/15 is for benchmarks: RFC 2544
        host = "198.18." + (number >> 6) + "." + ((number & 63) * 4 + 1);
        peer = "198.18." + (number >> 6) + "." + ((number & 63) * 4 + 2);
    }

    /**
     * Makes the namespace and joins it to the host.
     *
     * @return the network; close it to remove it.
     * @throws IOException if {@code ip} is missing or not allowed to.
     */
    public static PeerNetwork create() throws IOException {
        return create(PEERS);
    }

    /**
     * The same for something else than peers, beside their network.
     *
     * @param name a word: what the network is for; a process has one of each name.
     * @return the network; close it to remove it.
     * @throws IOException as {@link #create()}.
     */
    public static PeerNetwork create(String name) throws IOException {
        sweep(PREFIX + name + "-");
        for (int number = 0; number < CANDIDATES; number++) {
            if (NetworkInterface.getByName("vmrpcp" + number) == null) {
                PeerNetwork network = new PeerNetwork(name, number);
                try {
                    network.open();
                    return network;
                } catch (IOException e) {
                    network.close();
                    throw e;
                }
            }
        }
        throw new VmException("all " + CANDIDATES + " devices vmrpcpN are in use: remove some with ip link delete");
    }

    private void open() throws IOException {
        ip("netns", "add", namespace);
        isThere = true;
        ip("link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        ip("addr", "add", host + "/30", "dev", device);
        ip("link", "set", device, "up");
        ip("-n", namespace, "addr", "add", peer + "/30", "dev", "eth0");
        ip("-n", namespace, "link", "set", "lo", "up");
        ip("-n", namespace, "link", "set", "eth0", "up");
        ip("-n", namespace, "route", "add", "default", "via", host);
    }

    /** {@return the host's address towards the peers} */
    public String host() {
        return host;
    }

    /** {@return the peers' address} */
    public String peer() {
        return peer;
    }

    /** {@return the host's end of the cable} */
    public String device() {
        return device;
    }

    /**
     * Lets the host forward packets between the peers and a guest's tap device.
     *
     * @param tap of the guest.
     * @throws IOException if the host does not let it.
     */
    public void forward(TapAddresses tap) throws IOException {
        forward(tap.device());
    }

    /**
     * The same between this network and another one.
     *
     * @param other of this process.
     * @throws IOException if the host does not let it.
     */
    public void forward(PeerNetwork other) throws IOException {
        forward(other.device);
    }

    private void forward(String other) throws IOException {
        for (String each : List.of(device, other)) {
            Files.writeString(Path.of("/proc/sys/net/ipv4/conf", each, "forwarding"), "1");
        }
    }

    /**
     * A command line that runs in the namespace.
     *
     * @param command program and arguments.
     * @return the command line.
     */
    public List<String> command(List<String> command) {
        List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        inside.addAll(command);
        return inside;
    }

    private static void sweep(String prefix) throws IOException {
        Path folder = Path.of("/run/netns");
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var names = Files.newDirectoryStream(folder, prefix + "*")) {
            for (Path each : names) {
                String name = each.getFileName().toString();
                if (ProcessHandle.of(Long.parseLong(name.substring(prefix.length()))).isEmpty()) {
                    ip("netns", "delete", name); // the cable goes with its end
                }
            }
        } catch (NumberFormatException e) {
            throw new VmException("/run/netns holds a namespace that is named like ours and is not ours: " + e.getMessage());
        }
    }

    private static void ip(String... arguments) throws IOException {
        IpCommand.run("run as root, with iproute2 installed", arguments);
    }

    /** Removes the namespace; processes in it go on without a network. */
    @Override
    public void close() throws IOException {
        if (isThere) {
            isThere = false;
            ip("netns", "delete", namespace);
        }
    }
}
