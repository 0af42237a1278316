package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vmrpc.bench.report.AlternativeVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The control loop really runs, without a guest: in a container on this host, towards a peer in another network. */
@Timeout(60)
class ContainerTest {
    private static final int CYCLES = 60;
    private static final long PERIOD_NS = 5_000_000;

    @BeforeEach
    void onlyAsRoot() {
        assumeTrue(System.getProperty("user.name").equals("root") && Files.isExecutable(Path.of("/usr/bin/unshare")) && Files.exists(Path.of("/sbin/ip")),
            "namespaces need root, unshare and ip");
    }

    private static List<String> leftBehind() throws IOException {
        final String pid = Long.toString(ProcessHandle.current().pid());
        try (Stream<Path> groups = Files.walk(Path.of("/sys/fs/cgroup"), 2); Stream<Path> networks = Files.list(Path.of("/run/netns"))) {
            return Stream.concat(groups, networks).map(Path::toString).filter(path -> path.endsWith("vmrpc-container-" + pid)).toList();
        }
    }

    @Test
    void aLoopInAContainerIsMeasuredAndLeavesNothingBehind() throws Exception {
        final CostWindow cost = new CostWindow(0.05, CYCLES * PERIOD_NS / 1e9);
        try (NetPeer peer = new NetPeer(); Container container = new Container(peer.network())) {
            assertFalse(leftBehind().isEmpty(), "it has groups and a network while it is there");
            final Job job = Alternative.CONTAINER.job(peer.address(), CYCLES, 10, PERIOD_NS, "");
            final List<Row> rows = container.measure(job, cost);
            assertEquals(List.of(AlternativeVariants.TIMER, AlternativeVariants.EXCHANGE), rows.stream().map(row -> row.param(AlternativeVariants.WHAT)).toList());
            assertEquals(CYCLES, rows.get(0).figures().count());
            assertTrue(rows.get(1).figures().count() > 0 && rows.get(1).figures().p50() > 0);
            assertEquals("0", rows.get(0).param(Variants.DROPPED));
        }
        assertTrue(cost.cpuNs() > 0 && cost.cpuNs() < cost.wallNs(), cost.cpuNs() + " ns of CPU in " + cost.wallNs());
        assertEquals(List.of(), leftBehind());
    }
}
