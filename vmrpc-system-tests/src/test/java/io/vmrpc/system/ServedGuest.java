package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;

/** A guest, its agent, and in turns the service that shares its real-time vCPU, vmrpc-guestd. */
final class ServedGuest implements AutoCloseable {
    /** Where the guest finds the native programs: it sees the host's files. */
    static final Path PROGRAMS = Path.of("../native/target/native/linux-x86-64").toAbsolutePath().normalize();
    static final String RUN = PROGRAMS.resolve("vmrpc-run") + " ";
    private final TestAgent agent;
    private final GuestVm vm;

    private ServedGuest(TestAgent agent, GuestVm vm) {
        this.agent = agent;
        this.vm = vm;
    }

    static ServedGuest boot(String name) throws Exception {
        Path region = TestAgent.region(name);
        TestAgent agent = new TestAgent(region);
        try {
            return new ServedGuest(agent, GuestVm.start(region));
        } catch (IOException | InterruptedException | RuntimeException e) {
            agent.close();
            throw e;
        }
    }

    GuestVm vm() {
        return vm;
    }

    GuestProcess run(String command) throws IOException {
        return vm.run(command);
    }

    /** What is done while a service runs. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    /** {@return what a service of its own says at its end, which ran beside the body; by its own count it must have served at least so many timers} */
    String served(int least, Body body) throws Exception {
        GuestProcess service = vm.run(PROGRAMS.resolve("vmrpc-guestd").toString());
        service.await("vmrpc-guestd: guest CPU 1 parks", 30);
        try {
            body.run();
        } finally {
            vm.run("pkill -x vmrpc-guestd").awaitExit(10); // also for the next one's sake
        }
        String count = service.await("vmrpc-guestd: ", 20).text();
        assertEquals(0, service.awaitExit(20));
        assertTrue(Integer.parseInt(count.replaceAll(".* (\\d+) timers served.*", "$1")) >= least, () -> "less than " + least + ": " + count);
        return count;
    }

    @Override
    public void close() throws IOException {
        vm.close();
        agent.close();
    }
}
