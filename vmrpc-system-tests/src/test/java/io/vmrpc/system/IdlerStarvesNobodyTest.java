package io.vmrpc.system;

import static io.vmrpc.system.ServedGuest.RUN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.vm.VmConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** While the idler parks the vCPU, the kernel's own threads of that CPU run when they are needed: what waits for every CPU comes to its end. */
@Timeout(800)
class IdlerStarvesNobodyTest {
    private static final int SECONDS = Boolean.getBoolean("vmrpc.full") ? 600 : 20;
    private static final String NIC = "cd /sys/bus/virtio/drivers/virtio_net && d=$(ls -d virtio*) && echo $d >unbind && echo $d >bind";

    @Test
    void kernelWorkBesideALongSleep() throws Exception {
        try (ServedGuest guest = ServedGuest.boot("starves", config -> config.network(VmConfig.Network.TAP))) {
            int[] rounds = {0};
            long[] slowest = {0};
            String count = guest.served(1, () -> {
                GuestProcess sleeper = guest.run(RUN + "--fifo 50 -- sleep " + SECONDS);
                while (!sleeper.comes("exit 0", 1)) {
                    for (String work : new String[] {"cat /proc/sys/vm/stat_refresh", "echo 1 >/proc/sys/vm/compact_memory", NIC}) {
                        long start = System.nanoTime();
                        GuestProcess process = guest.run("sh -c '" + work + "'");
                        assertEquals(0, process.awaitExit(10), process::toString);
                        slowest[0] = Math.max(slowest[0], System.nanoTime() - start);
                    }
                    rounds[0]++;
                }
            });
            System.out.printf("IdlerStarvesNobodyTest: %d rounds beside a sleep of %d s, the slowest work %d ms; %s%n", rounds[0], SECONDS,
                    slowest[0] / 1_000_000, count);
            assertTrue(rounds[0] >= 2, "only " + rounds[0] + " rounds of work during the sleep");
        }
    }
}
