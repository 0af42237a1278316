package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.layout.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Agents die in the middle of calls; the guest lives on, and no request is carried out twice. */
@Timeout(240)
class AgentDeathTest {
    private static final int DEATHS = 3;
    private Path path;
    private Path journal;

    @Test
    void theGuestOutlivesItsAgents(@TempDir Path folder) throws Exception {
        path = TestAgent.region("agents");
        journal = folder.resolve("journal");
        HostProcess agent = startAgent();
        Random random = new Random();
        try (GuestVm vm = GuestVm.start(path)) {
            RegionView region = new RegionView(path);
            GuestProcess guest = vm.connect();
            guest.send("outage " + DEATHS + " 200");
            for (int death = 0; death < DEATHS; death++) {
                long enough = executed() + 50 + random.nextInt(300); // so that it falls on any moment of a call
                RegionView.await("requests", () -> executed() > enough);
                long killed = System.nanoTime();
                agent.close(); // SIGKILL
                outlive(guest, region, killed);
                agent = startAgent();
                guest.await("reconnected", 30);
                assertEquals(Protocol.LINK_UP, region.link());
            }
            check(guest.await("done", 60));
        } finally {
            agent.close();
            Files.deleteIfExists(path);
            Files.deleteIfExists(Path.of(path + ".sock"));
        }
    }

    private HostProcess startAgent() throws IOException, InterruptedException {
        HostProcess agent = new HostProcess(JournalAgent.class, path.toString(), journal.toString());
        agent.lines().await("ready", 30);
        return agent;
    }

    private void outlive(GuestProcess guest, RegionView region, long killed) throws InterruptedException {
        Words lost = guest.await("lost", 10);
        long took = System.nanoTime() - killed;
        assertEquals(Protocol.LINK_DOWN, region.link());
        Words timing = guest.await("timing", 20);
        System.out.println("AgentDeathTest: told after us " + took / 1000 + ": " + lost + "; without an agent: " + timing);
        assertTrue(lost.number("acknowledged") > 0, lost::text);
        assertEquals(0, timing.number("early"), timing::text);
    }

    private void check(Words end) throws IOException {
        System.out.println("AgentDeathTest: " + end + " executed=" + executed());
        List<Long> numbers = new ArrayList<>();
        for (ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(journal)); bytes.remaining() >= Long.BYTES;) {
            numbers.add(bytes.getLong());
        }
        for (int i = 1; i < numbers.size(); i++) { // one channel, so in the order of submission
            assertTrue(numbers.get(i) > numbers.get(i - 1), "request " + numbers.get(i) + " was carried out after " + numbers.get(i - 1));
        }
        assertEquals(end.number("submitted"), end.number("acknowledged") + end.number("lost"));
        assertTrue(numbers.size() >= end.number("acknowledged"), "more requests were answered than carried out: " + numbers.size() + " of " + end);
        assertTrue(numbers.size() <= end.number("submitted"), numbers.size() + " carried out of " + end);
    }

    private long executed() {
        try {
            return Files.size(journal) / Long.BYTES;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
