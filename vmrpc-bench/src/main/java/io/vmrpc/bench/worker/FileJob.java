package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.Variants;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.file.VmFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Random;

/** Operations on files of the host, one after the other: by the file service from the parked vCPU, or by 9p, which the guest mounts itself. */
final class FileJob {
    private static final Path MOUNT = Path.of("/tmp/vmrpc-9p");
    private final VmrpcGuest guest;
    private final RealTimeVcpu vcpu;

    FileJob(final VmrpcGuest guest, final RealTimeVcpu vcpu) {
        this.guest = guest;
        this.vcpu = vcpu;
    }

    /** One operation. */
    @FunctionalInterface
    private interface Operation {
        void run(int number) throws IOException;
    }

    Samples run(final Job job) throws IOException {
        if (job.variant().startsWith(Variants.NINE_P_PREFIX)) {
            mount();
            return measure(job, MOUNT, job.variant().substring(Variants.NINE_P_PREFIX.length()));
        }
        try (VmFileSystem files = guest.openFiles()) {
            final VmFileSystem.Binding parks = files.bind(vcpu);
            try {
                return measure(job, files.getPath("/bench"), job.variant().substring(Variants.VMRPC_FILE_PREFIX.length()));
            } finally {
                parks.close();
            }
        }
    }

    /** cache=none: every call goes to the host, as by the file service, and sees what the host's programs do. */
    private static void mount() throws IOException {
        if (Files.exists(MOUNT.resolve("data"))) {
            return;
        }
        Files.createDirectories(MOUNT);
        final Process mount = new ProcessBuilder("mount", "-t", "9p", "-o", "trans=virtio,version=9p2000.L,cache=none,msize=524288", "exchange",
            MOUNT.toString()).redirectErrorStream(true).start();
        final String said = new String(mount.getInputStream().readAllBytes());
        if (mount.onExit().join().exitValue() != 0) {
            throw new IOException("9p cannot be mounted: " + said);
        }
    }

    private static Samples measure(final Job job, final Path folder, final String what) throws IOException {
        final Path file = folder.resolve("data");
        switch (what) {
            case "stat":
                return repeat(job, number -> Files.readAttributes(file, BasicFileAttributes.class));
            case "open-close":
                return repeat(job, number -> FileChannel.open(file, StandardOpenOption.READ).close());
            case "list":
                return repeat(job, number -> list(folder.resolve("many")));
            default:
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    return transfers(job, channel, what);
                }
        }
    }

    private static void list(final Path folder) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (final Path each : entries) {
                count += each.getNameCount() > 0 ? 1 : 0;
            }
        }
        if (count != Integer.getInteger("vmrpc.bench.entries", 50)) {
            throw new IOException("the folder was listed with " + count + " entries");
        }
    }

    private static Samples transfers(final Job job, final FileChannel channel, final String what) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(job.payload());
        final int places = (int)(channel.size() / job.payload());
        final boolean isRandom = what.startsWith("random");
        final boolean isRead = what.endsWith("read");
        final Random random = new Random(1);
        return repeat(job, number -> {
            final long position = (long)(isRandom ? random.nextInt(places) : number % places) * job.payload();
            buffer.clear();
            while (buffer.hasRemaining()) {
                final long at = position + buffer.position();
                final int count = isRead ? channel.read(buffer, at) : channel.write(buffer, at);
                if (count <= 0) {
                    throw new IOException("a transfer ended after " + buffer.position() + " of " + job.payload() + " bytes");
                }
            }
        });
    }

    private static Samples repeat(final Job job, final Operation operation) throws IOException {
        final Samples samples = new Samples();
        final long warmUntil = System.nanoTime() + job.periodNs();
        for (int i = 0; i < job.warmUp() || System.nanoTime() - warmUntil < 0; i++) {
            operation.run(i);
        }
        samples.begin();
        for (int i = 0; i < job.count(); i++) {
            final long before = System.nanoTime();
            operation.run(i);
            samples.record(System.nanoTime() - before);
        }
        return samples;
    }
}
