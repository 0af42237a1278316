package io.vmrpc.system;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** How the tests start a JVM: with their own class path, which the guest sees as well. */
final class JavaCommand {
    private static final List<String> OPTIONS = List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED",
            "-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx128m", "-XX:-UsePerfData",
            "-XX:TieredStopAtLevel=1", // docs/known-issues.md: compilers that are busy crash a TCG guest
            "-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote", "-Dio.netty.jfr.enabled=false", // seconds of a TCG guest
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");

    private JavaCommand() {}

    static List<String> of(String javaHome, Class<?> main, String... arguments) {
        List<String> words = new ArrayList<>(List.of(javaHome + "/bin/java"));
        words.addAll(OPTIONS);
        words.addAll(List.of("-cp", classPath(), main.getName()));
        words.addAll(List.of(arguments));
        return words;
    }

    /**
     * Archives first, for whether a folder has a class is a question to the file system, in a guest to the host's; and without Bouncy
     * Castle, which makes certificates for the tests and which Netty loads whole where it finds it.
     */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(each -> !each.contains("bouncycastle")).sorted(Comparator.comparing(each -> !each.endsWith(".jar")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** {@return as a line for the guest's shell; no word holds a blank} */
    static String line(String javaHome, Class<?> main, String... arguments) {
        return String.join(" ", of(javaHome, main, arguments));
    }
}
