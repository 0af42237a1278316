package io.vmrpc.guest;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How {@link VmrpcGuest#connect} finds its region and agent. Fluent; without any setting the ivshmem device of this VM is used.
 */
public final class GuestContext {
    private Path region;
    private Path socket;
    private Path sysfs = Path.of("/sys/bus/pci/devices");
    private Duration timeout = Duration.ofSeconds(5);

    /**
     * The region to use.
     *
     * @param path a region file for loopback on this machine, or an ivshmem device's {@code resource2}.
     * @return this.
     */
    public GuestContext region(final Path path) {
        region = path;
        return this;
    }

    /**
     * The agent's socket, in loopback.
     *
     * @param path default: the region's path with {@code .sock} behind it.
     * @return this.
     */
    public GuestContext socket(final Path path) {
        socket = path;
        return this;
    }

    /**
     * How long to wait for the agent.
     *
     * @param duration default 5 s.
     * @return this.
     */
    public GuestContext timeout(final Duration duration) {
        timeout = duration;
        return this;
    }

    GuestContext sysfs(final Path path) {
        sysfs = path;
        return this;
    }

    Path regionPath() {
        return region == null ? IvshmemDevice.find(sysfs) : region;
    }

    /** Whether the region is a device's BAR, so that a hypercall and not a function call enters the shim. */
    boolean isDevice(final Path path) {
        return path.getFileName().toString().startsWith("resource");
    }

    Path socketPath() {
        return socket;
    }

    Duration timeout() {
        return timeout;
    }
}
