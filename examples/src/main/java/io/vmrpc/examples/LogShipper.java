package io.vmrpc.examples;

import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.file.VmFileSystem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Ships lines from its standard input to a folder of the host, which the operator exports as {@code logs}; a full file is renamed when it is on
 * the disk.
 */
public final class LogShipper {
    private static final long FULL = 1 << 20;

    private LogShipper() {
    }

    /**
     * The program.
     *
     * @param args a region file for loopback; nothing in a VM.
     * @throws IOException if the folder is not there, full, or the agent is lost.
     */
    public static void main(final String[] args) throws IOException {
        final GuestContext context = new GuestContext();
        if (args.length > 0) {
            context.region(Path.of(args[0]));
        }
        try (VmrpcGuest guest = VmrpcGuest.connect(context); VmFileSystem files = guest.openFiles();
             BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println(ship(lines, files.getPath("/logs"), FULL) + " lines shipped");
        }
    }

    // readme: begin
    static long ship(final BufferedReader lines, final Path logs, final long full) throws IOException {
        long count = 0;
        for (int number = 0; ; number++) {
            final Path current = logs.resolve("current");
            try (FileChannel channel = FileChannel.open(current, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                for (String line = null; channel.size() < full && (line = lines.readLine()) != null; count++) {
                    channel.write(ByteBuffer.wrap((line + '\n').getBytes(StandardCharsets.UTF_8))); // acknowledged: it is in the host's file
                }
                channel.force(false); // and now it is on the host's disk
                if (channel.size() < full) {
                    return count; // the input has ended
                }
            }
            Files.move(current, logs.resolve("log-" + number), StandardCopyOption.ATOMIC_MOVE); // whoever collects sees whole files only
        }
    }
    // readme: end
}
