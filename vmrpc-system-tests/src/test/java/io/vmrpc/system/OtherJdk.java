package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmrpc.system.guest.GuestProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The newest JDK of this machine other than the test's, as guest. */
final class OtherJdk {
  private static final int WANTED = 25;

  private OtherJdk() {}

  static void run(GuestVm vm) throws IOException, InterruptedException {
    Optional<Path> jdk = find();
    if (jdk.isEmpty()) {
      System.out.println("OtherJdk: skipped, there is no JDK " + WANTED + " below /usr/lib/jvm");
    }
    Assumptions.assumeTrue(jdk.isPresent(), "no JDK " + WANTED + " below /usr/lib/jvm");
    GuestProcess guest = vm.run(JavaCommand.line(jdk.get().toString(), GuestProgram.class));
    guest.await("connected", 60);
    System.out.println("OtherJdk: " + jdk.get() + ": " + guest.task("call 1 80", 30));
    guest.send("quit");
    assertEquals(0, guest.awaitExit(30));
  }

  private static Optional<Path> find() throws IOException {
    Path folder = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> jdks = Files.list(folder)) {
      return jdks.filter(jdk -> release(jdk).contains("JAVA_VERSION=\"" + WANTED)).findFirst();
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
