package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Five guests, each told to quit in a park of 10 s. A long run: ParkTest does it once. */
@Timeout(300)
@EnabledIfSystemProperty(named = "vmrpc.full", matches = "true")
class QuitTest {
    private static final int SLOT = 1;

    @Test
    void quitIsAnsweredDuringALongPark() throws Exception {
        List<Long> answers = new ArrayList<>();
        Path region = TestAgent.region("quit");
        try (TestAgent agent = new TestAgent(region)) {
            for (int i = 0; i < 5; i++) {
                try (GuestVm vm = GuestVm.start(region)) {
                    GuestProcess guest = vm.connect();
                    guest.send("park 10000 breathless");
                    guest.await("parking slot=" + SLOT, 20);
                    new RegionView(region).awaitLongPark(SLOT);
                    ProcessHandle qemu = ProcessHandle.of(vm.machine().pid()).orElseThrow();
                    long start = System.nanoTime();
                    vm.machine().qmp().execute("quit");
                    answers.add((System.nanoTime() - start) / 1000);
                    qemu.onExit().get(9, TimeUnit.SECONDS);
                }
            }
            assertTrue(agent.counters(region).sessions().get() == 5, "sessions");
        }
        System.out.println("QuitTest: quit answered after us " + answers);
        assertTrue(Collections.min(answers) <= 100_000, "quit was answered after us " + answers);
        assertTrue(Collections.max(answers) <= 1_000_000, "quit was answered after us " + answers);
    }
}
