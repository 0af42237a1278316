package io.vmrpc.doctor;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** What the running kernel was built with, where it says so. */
final class KernelConfig {
    private final Optional<String> text;

    KernelConfig(KernelTree tree, String release) {
        text = packed(tree).or(() -> Optional.ofNullable(tree.read("boot/config-" + release).content()));
    }

    private static Optional<String> packed(KernelTree tree) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(tree.bytes("proc/config.gz")))) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    boolean isKnown() {
        return text.isPresent();
    }

    /** {@return whether the option is built in, as far as the configuration is known} */
    boolean has(String option) {
        return text.map(all -> all.lines().anyMatch((option + "=y")::equals)).orElse(false);
    }

    /** {@return whether the configuration is known and lacks the option} */
    boolean lacks(String option) {
        return isKnown() && !has(option);
    }
}
