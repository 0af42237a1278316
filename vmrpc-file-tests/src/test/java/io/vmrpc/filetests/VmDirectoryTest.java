package io.vmrpc.filetests;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakFilters;
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
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.tests.store.BaseDirectoryTestCase;
import org.apache.lucene.tests.util.TestUtil;
import org.junit.AfterClass;
import org.junit.BeforeClass;

/** Lucene's own test of a directory, whole, over an export in loopback: the folders that it makes are seen through the file system of the guest. */
@ThreadLeakFilters(filters = OwnThreads.class)
public class VmDirectoryTest extends BaseDirectoryTestCase {
    private static Path folder;
    private static Agent agent;
    private static VmrpcGuest guest;
    private static VmFileSystem files;

    @BeforeClass
    public static void serve() throws IOException {
        folder = Files.createTempDirectory("vmrpc-lucene");
        final Path region = folder.resolve("region");
        final Path data = Path.of(createTempDir().getParent().toString()); // where the cases make their folders; one looks into its own there
        final Policy policy = Policy.forAll(GuestPolicy.ofExports(Export.readWrite("data", data).withHandles(4096)));
        agent = Agent.launch(new AgentContext().region(region).geometry(new Geometry(4, 16, 64, 4096)).service(new FileService(policy)));
        guest = VmrpcGuest.connect(new GuestContext().region(region).timeout(Duration.ofSeconds(20)));
        files = guest.openFiles();
    }

    @AfterClass
    public static void stop() throws IOException {
        CloseHelper.closeAll(files, guest, agent);
        org.apache.lucene.util.IOUtils.rm(folder);
    }

    @Override
    protected Directory getDirectory(final Path path) throws IOException {
        final Path here = files.getPath("/data", path.getFileName().toString());
        return new NIOFSDirectory(TestUtil.hasVirusChecker(path) ? addVirusChecker(here) : here); // a case asks for deletes that fail
    }
}
