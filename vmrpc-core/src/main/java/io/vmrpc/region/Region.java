package io.vmrpc.region;

import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A mapped region whose identity has been checked. Geometry is a private copy: it is never read from the file again, because the
 * guest can write there (rule R3).
 *
 * <p>Thread-safe as memory is; {@link #close()} must come after the last use of every buffer taken from it.
 */
public final class Region implements AutoCloseable {
    private final RegionFile file;
    private final Path path;
    private final Geometry geometry;
    private final long id;

    private Region(final RegionFile file, final Path path, final Identity identity) {
        this.file = file;
        this.path = path;
        this.geometry = identity.geometry();
        this.id = identity.regionId();
    }

    /**
     * Creates the file, or takes an existing one with the same geometry, and locks the agent's role (rules R8 to R10).
     *
     * @param path of the file, its folder exists.
     * @param geometry that it has or gets.
     * @return the region.
     * @throws RegionException if the file cannot serve; the message names the remedy.
     * @throws IOException if a system call fails.
     */
    public static Region serve(final Path path, final Geometry geometry) throws IOException {
        final RegionFile file = RegionFile.open(path, true, geometry.regionLength(), Protocol.LOCK_AGENT);
        return closingOnFailure(file, () -> {
            Identity identity = new Identity(geometry, new SecureRandom().nextLong() | 1);
            if (file.buffer().getLongAcquire(HeaderDescriptor.MAGIC) == 0) {
                identity.write(file.buffer());
            } else {
                identity = Identity.read(file.buffer(), file.length(), "region " + path);
                if (!identity.geometry().equals(geometry)) {
                    throw new RegionException("region " + path + " was made with " + identity.geometry() + ", the agent wants " +
                        geometry + ": use the same options, or remove the file");
                }
            }
            return new Region(file, path, identity);
        });
    }

    /**
     * Opens a region file as guest, without a VM (loopback).
     *
     * @param path of the file.
     * @return the region, locked for this guest process.
     * @throws RegionException if the file cannot serve; the message names the remedy.
     * @throws IOException if a system call fails.
     */
    public static Region open(final Path path) throws IOException {
        final RegionFile file = RegionFile.open(path, false, 0, Protocol.LOCK_GUEST);
        return closingOnFailure(file, () -> new Region(file, path, Identity.read(file.buffer(), file.length(), "region " + path)));
    }

    /**
     * Opens the BAR of an ivshmem device as guest inside a VM.
     *
     * @param resource the device's {@code resource2} in sysfs; never {@code resource2_wc}: release stores do not order there.
     * @return the region, locked for this guest process.
     * @throws RegionException if what the device shows is no region.
     * @throws IOException if a system call fails.
     */
    public static Region openDevice(final Path resource) throws IOException {
        final RegionFile file = RegionFile.device(resource, Protocol.LOCK_GUEST);
        return closingOnFailure(file,
            () -> new Region(file, resource, Identity.read(file.buffer(), file.length(), "device " + resource)));
    }

    private interface Opening {
        Region open() throws IOException;
    }

    private static Region closingOnFailure(final RegionFile file, final Opening opening) throws IOException {
        try {
            return opening.open();
        } catch (final IOException | RuntimeException e) {
            file.close();
            throw e;
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
        return geometry;
    }

    /**
     * What tells this region from another.
     *
     * @return random number.
     */
    public long id() {
        return id;
    }

    /**
     * The header's lines, to be accessed with the offsets of {@link HeaderDescriptor}.
     *
     * @return a view of 4096 bytes.
     */
    public AtomicBuffer header() {
        return new UnsafeBuffer(file.buffer(), 0, HeaderDescriptor.LENGTH);
    }

    /**
     * A slot's lines, to be accessed with the offsets of {@link io.vmrpc.layout.SlotDescriptor}.
     *
     * @param slot 0 to slotCount - 1.
     * @return a view of 256 bytes.
     */
    public AtomicBuffer slot(final int slot) {
        checkIndex("slot", slot, geometry.slotCount());
        return new UnsafeBuffer(file.buffer(), geometry.slotOffset(slot), io.vmrpc.layout.SlotDescriptor.LENGTH);
    }

    /**
     * Takes the right to store to a slot's guest line (rule R45). It ends with {@link #unlockSlot} or with this region.
     *
     * @param slot 0 to slotCount - 1.
     * @return whether it is this process's now; false: another process of this machine has it.
     * @throws IOException if the system call fails.
     */
    public boolean tryLockSlot(final int slot) throws IOException {
        checkIndex("slot", slot, geometry.slotCount());
        return file.tryLock(Protocol.LOCK_SLOT + slot);
    }

    /**
     * Gives the right up.
     *
     * @param slot of {@link #tryLockSlot}.
     */
    public void unlockSlot(final int slot) {
        file.unlock(Protocol.LOCK_SLOT + slot);
    }

    /**
     * Everything of a channel. This method and {@link #slot} are the only ones that turn a number into memory.
     *
     * @param channel 0 to channelCount - 1.
     * @return a view of channelStride bytes.
     */
    public AtomicBuffer channel(final int channel) {
        checkIndex("channel", channel, geometry.channelCount());
        return new UnsafeBuffer(file.buffer(), geometry.channelOffset(channel), geometry.channelStride());
    }

    private static void checkIndex(final String name, final int value, final int limit) {
        if (value < 0 || value >= limit) {
            throw new IllegalArgumentException(name + "=" + value + " must be 0 to " + (limit - 1));
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
