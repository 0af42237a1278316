package io.vmrpc.host.vcpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTest {
    private static final List<String> HYBRID = List.of(
        "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755",
        "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct",
        "34 31 0:31 / /sys/fs/cgroup/cpu\\040set rw,relatime - cgroup cgroup rw,cpuset",
        "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate");
    private static final List<String> GROUPS = List.of("3:cpuset:/", "2:cpu,cpuacct:/machine/a:b", "0::/user/x");

    private static Cgroup find(final int version, final String controller) throws IOException {
        return Cgroup.find(version, controller, HYBRID, GROUPS).orElseThrow();
    }

    @Test
    void eachControllerIsFoundInItsHierarchy() throws IOException {
        assertEquals("/sys/fs/cgroup/cpu,cpuacct/machine/a:b", find(1, "cpu").toString());
        assertEquals("/sys/fs/cgroup/cpu set", find(1, "cpuset").toString());
        assertEquals("/sys/fs/cgroup/unified/user/x", find(2, "memory").toString());
        assertTrue(Cgroup.find(1, "memory", HYBRID, GROUPS).isEmpty());
        assertTrue(find(1, "cpuset").isTop());
        assertEquals(List.of("/sys/fs/cgroup/unified/user/x", "/sys/fs/cgroup/unified/user", "/sys/fs/cgroup/unified"),
            find(2, "cpu").upwards().map(Cgroup::toString).toList());
    }

    private static String below(final String root, final String path) throws IOException {
        return Cgroup.find(2, "cpu", List.of("41 31 0:38 " + root + " /cg rw - cgroup2 cgroup2 rw"), List.of("0::" + path)).orElseThrow().toString();
    }

    @Test
    void aContainersMountShowsPartOfTheHierarchy() throws IOException {
        assertEquals("/cg/vm", below("/docker/1", "/docker/1/vm"));
        assertEquals("/cg", below("/docker/1", "/docker/1"));
        for (final String outside : List.of("/docker/12", "/other", "/")) {
            assertTrue(assertThrows(VcpuControlException.class, () -> below("/docker/1", outside)).getMessage().contains("--cgroup none"), outside);
        }
        assertThrows(VcpuControlException.class, () -> below("/", "/../other"), "a cgroup namespace shows what is outside like this");
    }

    @Test
    void aQuotaAboveCounts(@TempDir final Path mount) throws IOException {
        final Path vm = Files.createDirectories(mount.resolve("slice/vm"));
        final Cgroup group = new Cgroup(2, mount, vm);
        assertFalse(group.hasQuota());
        Files.writeString(vm.resolve("cpu.max"), "max 100000\n");
        assertFalse(group.hasQuota());
        Files.writeString(mount.resolve("slice/cpu.max"), "50000 100000\n");
        assertTrue(group.hasQuota());
    }
}
