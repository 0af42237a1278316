package io.vmrpc.vm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What /dev/kvm of this machine can run, found by running it: instructions and an interrupt in each of a processor's modes. A KVM may be there and
 * yet not carry a guest: inside a VM that has no virtualisation of its own, KVM interprets the guest's code, slowly and not all of it.
 *
 * @param facts the probe's answers by key, in its order: {@code device}, {@code api}, {@code mode16}, {@code interrupt16}, ..., {@code atomic64},
 *     {@code instruction_ns}, {@code irqchip}, {@code immediate_exit}, {@code mp_state}, {@code halt_poll}, {@code tsc_stable}; a step is
 *     {@code works} or {@code fails: why}
 */
public record KvmProbe(Map<String, String> facts) {
    /** KVM on hardware takes below 1 ns, an interpreting one above 1000; Linux executes more than a thousand million instructions to boot. */
    private static final double SLOWEST_INSTRUCTION_NS = 200;
    private static final long TIMEOUT_SECONDS = 60; // the probe's own limits add up to less
    private static final String API = "12";
    private static final String WORKS = "works";
    private static final String FAILS = "fails: ";

    /** Copies what it is given. */
    public KvmProbe {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * Runs the probe: a third of a second where KVM interprets, a few milliseconds on hardware, up to 24 seconds if KVM hangs.
     *
     * @return its answers
     * @throws IOException if it cannot be run at all
     * @throws InterruptedException if interrupted
     */
    public static KvmProbe run() throws IOException, InterruptedException {
        return run(List.of());
    }

    static KvmProbe run(List<String> options) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("vmrpc-probe-");
        try {
            List<String> command = new ArrayList<>(List.of(NativeFiles.extract(NativeFiles.KVM_PROBE, folder).toString()));
            command.addAll(options);
            Path answers = folder.resolve("answers"); // a pipe's reader would wait for a child that hangs in KVM
            Process probe = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(answers.toFile()).start();
            if (!probe.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                probe.destroyForcibly();
            }
            return parse(Files.readString(answers, StandardCharsets.UTF_8));
        } finally {
            RunFolder.removeTree(folder);
        }
    }

    static KvmProbe parse(String answers) throws VmException {
        Map<String, String> facts = new LinkedHashMap<>();
        for (String line : answers.lines().toList()) {
            int equals = line.indexOf('=');
            if (equals <= 0) {
                throw new VmException("vmrpc-kvm-probe printed '" + line + "'; it prints key=value");
            }
            facts.put(line.substring(0, equals), line.substring(equals + 1));
        }
        if (!facts.containsKey("device")) {
            throw new VmException("vmrpc-kvm-probe said nothing about the device: run it by hand, it is in the vmrpc-native jar");
        }
        return new KvmProbe(facts);
    }

    /** {@return whether a VM can be made at all} */
    public boolean isUsable() {
        return deviceFailure().isEmpty();
    }

    /**
     * {@return whether small guests of that mode run and take interrupts}
     *
     * @param bits 16 (real mode), 32 (protected mode) or 64 (long mode)
     */
    public boolean runs(int bits) {
        return isUsable() && WORKS.equals(facts.get("mode" + bits)) && WORKS.equals(facts.get("interrupt" + bits));
    }

    /**
     * {@return whether KVM offers that}
     *
     * @param capability irqchip, immediate_exit, mp_state, halt_poll or tsc_stable
     */
    public boolean has(String capability) {
        return "yes".equals(facts.get(capability));
    }

    /** {@return why no Linux guest can run by KVM here, in words that follow a colon; empty if it can} */
    public Optional<String> obstacle() {
        return deviceFailure().map(failure -> "/dev/kvm is not usable: " + failure)
                .or(() -> failure("mode64").or(() -> failure("interrupt64")).map(failure -> "/dev/kvm here cannot run 64-bit guests: " + failure))
                .or(() -> failure("atomic64").map(failure -> "/dev/kvm here cannot run 64-bit kernels: cmpxchg16b fails, " + failure))
                .or(this::slowness);
    }

    private Optional<String> slowness() {
        double time = Double.parseDouble(facts.getOrDefault("instruction_ns", "0"));
        return time <= SLOWEST_INSTRUCTION_NS ? Optional.empty()
                : Optional.of("/dev/kvm here interprets the guest, " + Math.round(time) + " ns an instruction: Linux would boot for half an hour or more");
    }

    private Optional<String> deviceFailure() {
        Optional<String> failure = failure("device");
        String api = facts.getOrDefault("api", API);
        return failure.isPresent() || api.equals(API) ? failure : Optional.of("KVM's API has version " + api + ", and only " + API + " is stable");
    }

    /** A step's failure without the word before it; a step that left no answer has failed too. */
    private Optional<String> failure(String step) {
        String answer = facts.getOrDefault(step, "the probe gave no answer for " + step);
        return answer.equals(WORKS) ? Optional.empty() : Optional.of(answer.startsWith(FAILS) ? answer.substring(FAILS.length()) : answer);
    }
}
