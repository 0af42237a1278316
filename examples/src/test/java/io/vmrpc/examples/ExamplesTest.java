package io.vmrpc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.guest.Channel;
import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.host.Agent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples do what they say, with two processes where they have two. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExamplesTest {
    @TempDir
    private Path folder;

    @Test
    void theControlLoopRunsInAProcessOfItsOwn() throws Exception {
        try (Agent agent = SampleAgent.launch(folder.resolve("region"))) {
            final Process guest = LoopbackExample.guest(folder.resolve("region")).redirectErrorStream(true).start();
            try {
                final String output = new String(guest.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertEquals(0, guest.waitFor(), output);
                assertTrue(output.contains("50 cycles by loopback"), output);
                // the withheld call and the plain one of each cycle, beside the session's own
                assertTrue(agent.counters().get(0).completions().get() >= 100, agent.counters().toString());
            } finally {
                guest.destroyForcibly();
            }
        }
    }

    @Test
    void ticksComeInOrderUntilCancelled() throws Exception {
        final Path region = folder.resolve("region");
        try (Agent agent = SampleAgent.launch(region);
             VmrpcGuest guest = VmrpcGuest.connect(new GuestContext().region(region));
             Channel channel = guest.openChannel(Waiting.sleeping())) {
            final List<Long> ticks = Ticks.take(channel, guest.resolve("sample"), 5);
            for (int i = 1; i < ticks.size(); i++) {
                assertEquals(ticks.get(0) + i, ticks.get(i), "events in the order of the samples: " + ticks);
            }
            assertTrue(ticks.size() >= 5, ticks.toString());
            assertEquals(0, channel.outstanding());
            assertEquals(0, agent.counters().get(0).eventsLost().get());
        }
    }
}
