package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmrpc.system.guest.GuestProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The newest JDK that is supported runs as guest, if this machine has it. */
@Timeout(120)
class OtherJdkTest {
    private static final int VERSION = 25;
    private static final Path FOLDER = Path.of("/usr/lib/jvm");

    @Test
    void aNewerJdkConnectsAndParks() throws Exception {
        Optional<Path> jdk = find();
        if (jdk.isEmpty()) {
            System.out.println("OtherJdkTest: skipped, there is no JDK " + VERSION + " below " + FOLDER);
        }
        Assumptions.assumeTrue(jdk.isPresent(), "no JDK " + VERSION + " below " + FOLDER);
        Path region = TestAgent.region("jdk");
        try (TestAgent agent = new TestAgent(region); GuestVm vm = GuestVm.start(region)) {
            GuestProcess guest = vm.run(JavaCommand.line(jdk.get().toString(), GuestProgram.class));
            guest.await("connected", 60);
            System.out.println("OtherJdkTest: " + jdk.get() + ": " + guest.task("call 10 80", 30));
            guest.send("quit");
            assertEquals(0, guest.awaitExit(30));
            assertEquals(1, agent.counters(region).sessions().get());
        }
    }

    private static Optional<Path> find() throws IOException {
        if (!Files.isDirectory(FOLDER)) {
            return Optional.empty();
        }
        try (Stream<Path> jdks = Files.list(FOLDER)) {
            return jdks.filter(jdk -> release(jdk).contains("JAVA_VERSION=\"" + VERSION)).findFirst();
        }
    }

    private static String release(Path jdk) {
        try {
            return Files.readString(jdk.resolve("release"));
        } catch (IOException e) {
            return "";
        }
    }
}
