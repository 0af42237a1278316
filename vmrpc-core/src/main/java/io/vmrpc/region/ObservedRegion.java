package io.vmrpc.region;

import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A region as a bystander sees it: mapped read-only, without a role and so without a lock, beside agent, shim and guest. It needs no native library.
 *
 * <p>Thread-safe. The mapping lasts until its buffers are garbage; writing to them is a fault.
 */
public final class ObservedRegion {
    private final Path path;
    private final UnsafeBuffer memory;
    private final Identity identity;

    private ObservedRegion(final Path path, final UnsafeBuffer memory, final Identity identity) {
        this.path = path;
        this.memory = memory;
        this.identity = identity;
    }

    /**
     * Maps and checks.
     *
     * @param path a region file, or the {@code resource2} of an ivshmem device in sysfs.
     * @return the region.
     * @throws RegionException if it is no region of this version; the message says why and what to do.
     * @throws IOException if it cannot be opened or mapped.
     */
    public static ObservedRegion open(final Path path) throws IOException {
        final UnsafeBuffer memory = new UnsafeBuffer(map(path));
        return new ObservedRegion(path, memory, Identity.read(memory, memory.capacity(), "region " + path));
    }

    /**
     * Whether an agent has written its identity there, without judging the rest.
     *
     * @param path as for {@link #open}.
     * @return the first eight bytes: {@link Protocol#MAGIC}, 0 where no agent was yet, or something else's.
     * @throws IOException if it cannot be opened or mapped.
     */
    public static long magic(final Path path) throws IOException {
        return new UnsafeBuffer(map(path)).getLong(HeaderDescriptor.MAGIC);
    }

    private static ByteBuffer map(final Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new RegionException("region " + path + " does not exist: start the agent first, it creates it");
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            final long size = file.size();
            if (size < 1 << 16 || size > 1 << 30) {
                throw new RegionException("region " + path + " is " + size +
                    " bytes long, outside 64 KiB to 1 GiB: it is truncated or no VMRPC region; remove it and start the agent again");
            }
            return file.map(MapMode.READ_ONLY, 0, size);
        }
    }

    /**
     * The file or device.
     *
     * @return its path.
     */
    public Path path() {
        return path;
    }

    /**
     * Number and size of everything.
     *
     * @return the private copy.
     */
    public Geometry geometry() {
        return identity.geometry();
    }

    /**
     * The whole of it, for offsets of {@link HeaderDescriptor} and for what {@link Geometry} tells.
     *
     * @return a view whose bytes change as others write.
     */
    public AtomicBuffer memory() {
        return memory;
    }
}
