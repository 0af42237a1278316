package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.vm.VmConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** A guest, its agent, and in turns the service that shares its real-time vCPU, vmrpc-guestd. */
final class ServedGuest implements AutoCloseable {
    /** Where the guest finds the native programs: it sees the host's files. */
    static final Path PROGRAMS = Path.of("../native/target/native/linux-x86-64").toAbsolutePath().normalize();
    static final String RUN = PROGRAMS.resolve("vmrpc-run") + " ";
    /** Named cases; {@code native/test/preload}. */
    static final Path CASES = Path.of("../native/target/native-test/preload-test").toAbsolutePath().normalize();
    private final TestAgent agent;
    private final GuestVm vm;

    private ServedGuest(TestAgent agent, GuestVm vm) {
        this.agent = agent;
        this.vm = vm;
    }

    static ServedGuest boot(String name) throws Exception {
        return boot(name, config -> config);
    }

    static ServedGuest boot(String name, UnaryOperator<VmConfig.Builder> settings) throws Exception {
        Path region = TestAgent.region(name);
        TestAgent agent = new TestAgent(region);
        try {
            return new ServedGuest(agent, GuestVm.start(config -> settings.apply(config.region(region))));
        } catch (IOException | InterruptedException | RuntimeException e) {
            agent.close();
            throw e;
        }
    }

    TestAgent agent() {
        return agent;
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

    /** {@return how many cases of a program passed; there must be some, and none may fail} */
    static int passed(GuestProcess cases, int seconds) throws Exception {
        Words done = cases.await("done ", seconds);
        assertEquals(0, done.number("failed"), cases::toString);
        assertEquals(0, cases.awaitExit(10), cases::toString);
        assertTrue(done.number("passed") > 0, cases::toString);
        cases.toString().lines().filter(line -> line.contains(" s: seen ")).forEach(System.out::println);
        return (int) done.number("passed");
    }

    @Override
    public void close() throws IOException {
        vm.close();
        agent.close();
    }
}
