package io.vmrpc.guest.loopback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The scheduler beside the JDK's of one thread: every program comes to the same in both. */
class RealTimeSchedulerProperties {
    private static Path folder;
    private static Loopback loopback;

    @BeforeContainer
    static void open() throws IOException {
        folder = Files.createTempDirectory("vmrpc-scheduler");
        loopback = new Loopback(folder, RunningAgent.Place.HERE);
    }

    @AfterContainer
    static void close() throws IOException {
        loopback.close();
        Files.delete(loopback.region);
        Files.delete(folder);
    }

    @Property(tries = 200)
    void behavesLikeScheduledThreadPoolExecutor(@ForAll @Size(max = 40) final List<@IntRange(min = 0, max = 999) Integer> steps,
        @ForAll final Script.End end) throws InterruptedException {
        final ScheduledThreadPoolExecutor model = new ScheduledThreadPoolExecutor(1);
        model.setRemoveOnCancelPolicy(true);
        assertEquals(new Script(model).run(steps, end), new Script(Schedulers.launch(loopback.guest)).run(steps, end));
    }
}
