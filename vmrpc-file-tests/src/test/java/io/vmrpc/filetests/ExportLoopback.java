package io.vmrpc.filetests;

import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.file.VmFileSystem;
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

/** A folder of this machine as an export, with guest and agent in this process. */
final class ExportLoopback implements AutoCloseable {
    private final Path region = Files.createTempDirectory("vmrpc-export").resolve("region");
    private final Agent agent;
    private final VmrpcGuest guest;
    private final VmFileSystem files;

    ExportLoopback(final Path folder) throws IOException {
        final Policy policy = Policy.forAll(GuestPolicy.ofExports(Export.readWrite("data", folder).withHandles(4096)));
        agent = Agent.launch(new AgentContext().region(region).geometry(new Geometry(4, 16, 64, 4096)).service(new FileService(policy))
            .removeRegionsOnClose(true));
        guest = VmrpcGuest.connect(new GuestContext().region(region).timeout(Duration.ofSeconds(20)));
        files = guest.openFiles();
    }

    Path root() {
        return files.getPath("/data");
    }

    @Override
    public void close() throws IOException {
        CloseHelper.closeAll(files, guest, agent);
        Files.deleteIfExists(region.getParent());
    }
}
