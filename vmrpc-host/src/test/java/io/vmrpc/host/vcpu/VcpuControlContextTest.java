package io.vmrpc.host.vcpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmrpc.natives.CpuSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class VcpuControlContextTest {
    private static void refused(final String sentence, final Executable setting) {
        assertEquals(sentence, assertThrows(IllegalArgumentException.class, setting).getMessage());
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        final VcpuControlContext context = new VcpuControlContext();
        refused("priority=0: give 1 to 99", () -> context.priority(0));
        refused("priority=100: give 1 to 99", () -> context.priority(100));
        refused("cpus= is empty: name at least one CPU", () -> context.cpus(CpuSet.parse("")));
        refused("rtRuntimeUs=999: give 1000 to 1000000", () -> context.rtRuntimeUs(999));
        refused("share=9: give 10 to 95, or none", () -> context.share(9));
        refused("share=96: give 10 to 95, or none", () -> context.share(96));
        refused("priority=99 leaves none for the guard: give 98 or less, or no share", () -> new VcpuControlContext().priority(99).conclude());
        new VcpuControlContext().priority(99).withoutShare().conclude();
        refused("isolated=true needs cpus and groups: a partition is a group with CPUs", () -> context.isolated(true).conclude());
        context.cpus(CpuSet.of(1)).conclude();
        refused("isolated=true needs cpus and groups: a partition is a group with CPUs", () -> context.groups(false).conclude());
    }
}
