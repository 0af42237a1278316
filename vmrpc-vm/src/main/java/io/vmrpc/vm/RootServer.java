package io.vmrpc.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * virtiofsd, for kernels without 9p. It has no read-only mode, so it gets a mount namespace of its own and in that a second, read-only
 * view of all mounts. It does not start if any of them is still writable.
 */
final class RootServer {
    static final String SOCKET = "root-socket";
    private static final String NAME = "root-server";
    private static final Path PROGRAM = Path.of("/usr/lib/qemu/virtiofsd");

    /**
     * $1 virtiofsd, $2 its socket, $3 an empty folder for the view. A mount over another at the same point comes later in mountinfo,
     * and hides it. The tmpfs takes virtiofsd's pid file; virtiofsd changes its root to the view when QEMU has connected.
     */
    private static final String SCRIPT = """
        mount --rbind / "$3" || exit 1
        awk -v top="$3" '$5 == top || index($5, top "/") == 1 { print $5 }' /proc/self/mountinfo | while read -r point; do
          point=$(printf '%b' "$point")
          mount -o remount,bind,ro "$point" 2>/dev/null || umount -l "$point" 2>/dev/null
        done
        awk -v top="$3" '$5 == top || index($5, top "/") == 1 { writable[$5] = $6 !~ /^ro(,|$)/ }
          END { for (point in writable) if (writable[point]) { print "still writable: " point; bad = 1 }
                exit bad || !(top in writable) }' /proc/self/mountinfo || exit 1
        mount -t tmpfs -o size=64k tmpfs /run || exit 1
        exec "$1" --socket-path="$2" -o source="$3" -o sandbox=chroot -o cache=auto --rlimit-nofile=0 -o log_level=warn
        """;

    private RootServer() {}

    static SupervisedProcess start(RunFolder folder) throws IOException {
        if (!Files.isExecutable(PROGRAM)) {
            throw new VmException("this guest kernel has no 9p and " + PROGRAM + " is missing; use --kernel rt");
        }
        if (!System.getProperty("user.name").equals("root")) {
            throw new VmException("this guest kernel has no 9p, and serving it by virtiofsd needs root; use --kernel rt");
        }
        Path socket = folder.file(SOCKET);
        Path view = Files.createDirectory(folder.file("root-view"));
        SupervisedProcess server = SupervisedProcess.start(NAME, List.of("unshare", "--mount", "--propagation", "private",
                "sh", "-c", SCRIPT, "vmrpc-root", PROGRAM.toString(), socket.toString(), view.toString()), folder, Map.of(), List.of());
        try {
            awaitSocket(socket, server, folder.file(NAME + ".log"));
            return server;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void awaitSocket(Path socket, SupervisedProcess server, Path log) throws VmException, InterruptedException {
        AtomicBoolean ended = new AtomicBoolean();
        server.onEnd(() -> ended.set(true));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Files.exists(socket)) {
            if (ended.get() || System.nanoTime() - deadline > 0) {
                server.end();
                throw new VmException("virtiofsd did not start; use --kernel rt: " + String.join("; ", SupervisedProcess.lastLines(log, 5)));
            }
            Thread.sleep(10);
        }
    }
}
