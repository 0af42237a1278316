package io.vmrpc.host;

import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.natives.CpuSet;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that cannot serve, and contexts that make no sense: refused with a sentence, and nothing is left running. */
@Timeout(30)
class RefusalTest {
    private static final Geometry GEOMETRY = SessionFixture.GEOMETRY;
    @TempDir
    Path folder;

    private AgentContext context(final String... regions) {
        final AgentContext context = new AgentContext().geometry(GEOMETRY);
        Arrays.stream(regions).forEach(region -> context.region(folder.resolve(region)));
        return context;
    }

    private void assertRefused(final String text, final String... regions) {
        final IOException refused = assertThrows(IOException.class, () -> Agent.launch(context(regions)).close());
        assertTrue(refused.getMessage().contains(text), refused::getMessage);
        assertTrue(refused.getMessage().contains(regions[regions.length - 1]), refused::getMessage);
    }

    private Path served(final String name) throws IOException {
        Agent.launch(context(name)).close();
        return folder.resolve(name);
    }

    private void patch(final String name, final int offset, final int value) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(served(name).toFile(), "rw")) {
            file.seek(offset);
            file.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
        }
    }

    @Test
    void aSecondAgent() throws IOException {
        try (Agent first = Agent.launch(context("region"))) {
            assertEquals(1, first.counters().size());
            assertRefused("already has an agent", "region");
            assertTrue(Files.exists(folder.resolve("region.sock")), "the refused agent leaves the first one's socket alone");
        }
    }

    @Test
    void anotherUsersRegion() throws IOException {
        final Path region = served("region");
        assumeTrue(Integer.valueOf(0).equals(Files.getAttribute(region, "unix:uid")), "only root can give a file away");
        Files.setAttribute(region, "unix:uid", 65_534);
        assertRefused("belongs to another user", "region");
    }

    @Test
    void symbolicLink() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), served("region"));
        assertRefused("symbolic link", "link");
    }

    @Test
    void folderInsteadOfAFile() throws IOException {
        Files.createDirectory(folder.resolve("folder"));
        assertThrows(IOException.class, () -> Agent.launch(context("folder")));
    }

    @Test
    void foreignFile() throws IOException {
        final byte[] text = new byte[(int)GEOMETRY.regionLength()];
        Arrays.fill(text, (byte)'x');
        Files.write(folder.resolve("foreign"), text);
        assertRefused("not a VMRPC region", "foreign");
        assertArrayEquals(text, Files.readAllBytes(folder.resolve("foreign")), "a foreign file is not touched");
    }

    @Test
    void truncatedRegion() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(served("short").toFile(), "rw")) {
            file.setLength(GEOMETRY.regionLength() - 4096);
        }
        assertRefused("bytes long", "short");
    }

    @Test
    void emptyForeignFileOfAnotherSize() throws IOException {
        Files.write(folder.resolve("small"), new byte[100]);
        assertRefused("bytes long", "small");
    }

    @Test
    void futureVersion() throws IOException {
        patch("future", HeaderDescriptor.VERSION, 2 << 16);
        assertRefused("protocol version 2.0", "future");
    }

    @Test
    void otherGeometry() throws IOException {
        served("other");
        final IOException refused = assertThrows(IOException.class,
            () -> Agent.launch(new AgentContext().geometry(new Geometry(2, 4, 8, 192)).region(folder.resolve("other"))));
        assertTrue(refused.getMessage().contains("other"), refused::getMessage);
    }

    @Test
    void damagedIdentity() throws IOException {
        patch("damaged", HeaderDescriptor.CHANNEL_STRIDE, 64);
        assertRefused("channel_stride=64", "damaged");
        patch("impossible", HeaderDescriptor.RING_CAPACITY, 7);
        assertRefused("ringCapacity=7", "impossible");
    }

    @Test
    void oneRefusedRegionRefusesAll() throws IOException {
        Files.write(folder.resolve("bad"), new byte[100]);
        assertRefused("bytes long", "good", "bad");
        assertFalse(Files.exists(folder.resolve("good.sock")));
        Agent.launch(context("good")).close(); // the first attempt has let go of it
    }

    @Test
    void somethingElseInTheSocketsPlace() throws IOException {
        Files.writeString(folder.resolve("region.sock"), "precious");
        assertRefused("no socket", "region");
        assertEquals("precious", Files.readString(folder.resolve("region.sock")));
    }

    @Test
    void aDeadAgentsSocketIsReplaced() throws IOException {
        final Path socket = folder.resolve("region.sock");
        try (var dead = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            dead.bind(java.net.UnixDomainSocketAddress.of(socket));
        }
        assertTrue(Files.exists(socket));
        try (Agent agent = Agent.launch(context("region"))) {
            assertEquals(1, agent.shardCount());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("region"))));
        }
        assertFalse(Files.exists(socket));
        assertTrue(Files.exists(folder.resolve("region")));
    }

    @Test
    void socketPathTooLong() {
        assertRefused("107", "x".repeat(110));
    }

    @Test
    void contextsThatMakeNoSense() {
        assertThrows(IllegalArgumentException.class, () -> Agent.launch(new AgentContext()));
        assertThrows(IllegalArgumentException.class, () -> Agent.launch(context("region", "region")));
        assertThrows(IllegalArgumentException.class, () -> new AgentContext().shards(0));
        assertThrows(IllegalArgumentException.class, () -> new AgentContext().shardPriority(100));
        assertThrows(IllegalArgumentException.class, () -> new AgentContext().shardCpu(CpuSet.LIMIT));
        assertThrows(IllegalArgumentException.class,
            () -> Agent.launch(context("region").service(new ScriptedService()).service(new ScriptedService())));
        assertThrows(IllegalArgumentException.class, () -> new io.vmrpc.host.session.Quotas(0, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> ShardIdle.spinFor(java.time.Duration.ofNanos(-1)));
    }

    @Test
    void aConcludedContextCannotBeChanged() throws IOException {
        final AgentContext context = context("region");
        try (Agent agent = Agent.launch(context)) {
            assertThrows(IllegalStateException.class, () -> context.shards(2));
            assertThrows(IllegalStateException.class, () -> Agent.launch(context));
            assertThrows(IllegalStateException.class, agent::doWork);
        }
    }
}
