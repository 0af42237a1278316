package io.vmrpc.system;

import java.util.ArrayList;
import java.util.List;

/** How the tests start a JVM: with their own class path, which the guest sees as well. */
final class JavaCommand {
    private JavaCommand() {}

    static List<String> of(String javaHome, Class<?> main, String... arguments) {
        List<String> words = new ArrayList<>(List.of(javaHome + "/bin/java", "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx128m", "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", System.getProperty("java.class.path"), main.getName()));
        words.addAll(List.of(arguments));
        return words;
    }

    /** {@return as a line for the guest's shell; no word holds a blank} */
    static String line(String javaHome, Class<?> main, String... arguments) {
        return String.join(" ", of(javaHome, main, arguments));
    }
}
