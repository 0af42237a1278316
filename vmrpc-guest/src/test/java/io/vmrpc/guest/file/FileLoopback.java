package io.vmrpc.guest.file;

import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.file.FileService;
import io.vmrpc.host.policy.Export;
import io.vmrpc.host.policy.GuestPolicy;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.layout.Geometry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.agrona.CloseHelper;

/** A guest with files, and its agent in this process. */
final class FileLoopback implements AutoCloseable {
    /** Small, so that reads and writes take many records and folders many pages. */
    static final Geometry SMALL = new Geometry(4, 8, 16, 512);
    static final Geometry LARGE = new Geometry(4, 8, 64, 8192);
    final Path folder;
    final VmrpcGuest guest;
    final VmFileSystem files;
    private final Path region;
    private final Geometry geometry;
    private final Policy policy;
    private Agent agent;

    /** With an export "data" that can be written. */
    FileLoopback(final Path scratch, final Geometry geometry) throws IOException {
        this(scratch, geometry, new FilesContext(), Export.readWrite("data", Files.createDirectories(scratch.resolve("data"))));
    }

    FileLoopback(final Path scratch, final Geometry geometry, final FilesContext context, final Export... exports) throws IOException {
        this.geometry = geometry;
        folder = scratch.resolve("data");
        policy = Policy.forAll(GuestPolicy.ofExports(exports));
        region = scratch.resolve("region");
        startAgent();
        guest = VmrpcGuest.connect(new GuestContext().region(region).timeout(Duration.ofSeconds(20)));
        files = guest.openFiles(context);
    }

    Path path(final String first, final String... more) {
        return files.getPath("/data/" + first, more);
    }

    void startAgent() throws IOException {
        agent = Agent.launch(new AgentContext().region(region).geometry(geometry).service(new FileService(policy)));
    }

    void stopAgent() {
        agent.close();
    }

    @Override
    public void close() {
        CloseHelper.closeAll(files, guest, agent);
    }
}
