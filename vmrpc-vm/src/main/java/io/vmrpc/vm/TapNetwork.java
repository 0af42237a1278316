package io.vmrpc.vm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;

/**
 * Chooses a free tap device and sets up the host's end. A lock file is held from the choice until QEMU has created the device, so
 * that two runs do not choose the same.
 */
final class TapNetwork implements AutoCloseable {
    private static final int PAIRS = 64 * 256 / 4;

    /** A file lock is the process's: within this one, threads take turns here first. */
    private static final Semaphore TURN = new Semaphore(1);

    private final FileChannel file;
    private final TapAddresses addresses;

    private TapNetwork(FileChannel file, TapAddresses addresses) {
        this.file = file;
        this.addresses = addresses;
    }

    static TapNetwork choose() throws IOException {
        if (!Files.isWritable(Path.of("/dev/net/tun"))) {
            throw new VmException("--net tap: /dev/net/tun cannot be opened; run as root, or use --net none");
        }
        TURN.acquireUninterruptibly();
        FileChannel file = null;
        try {
            Path path = Files.createDirectories(KernelPackage.cacheFolder()).resolve("tap.lock");
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            file.lock();
            return new TapNetwork(file, firstFree());
        } catch (IOException e) {
            if (file != null) {
                file.close();
            }
            TURN.release();
            throw e;
        }
    }

    private static TapAddresses firstFree() throws IOException {
        for (int n = 0; n < PAIRS; n++) {
            TapAddresses candidate = TapAddresses.numbered(n);
            if (NetworkInterface.getByName(candidate.device()) == null
                    && NetworkInterface.getByInetAddress(InetAddress.getByName(candidate.host())) == null) {
                return candidate;
            }
        }
        throw new VmException("--net tap: all " + PAIRS + " address pairs are in use");
    }

    TapAddresses addresses() {
        return addresses;
    }

    /** Sets up the host's end; QEMU must have created the device. */
    void configureHost() throws IOException {
        ip("addr", "add", addresses.host() + "/" + TapAddresses.PREFIX_LENGTH, "dev", addresses.device());
        ip("link", "set", addresses.device(), "up");
    }

    private static void ip(String... arguments) throws IOException {
        IpCommand.run("run as root, or use --net none", arguments);
    }

    @Override
    public void close() throws IOException {
        if (file.isOpen()) {
            file.close();
            TURN.release();
        }
    }
}
