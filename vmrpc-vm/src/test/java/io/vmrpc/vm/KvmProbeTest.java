package io.vmrpc.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class KvmProbeTest {
    private static final String HARDWARE = "api=12\nirqchip=yes\ntsc_stable=no\ndevice=works\nmode16=works\ninterrupt16=works\nmode32=works\ninterrupt32=works\n"
            + "mode64=works\ninstruction_ns=0.41\ninterrupt64=works\natomic64=works\n";

    private static String obstacle(String from, String to) throws VmException {
        assertTrue(HARDWARE.contains(from), from);
        return KvmProbe.parse(HARDWARE.replace(from, to)).obstacle().orElseThrow();
    }

    @Test
    void hardwareHasNoObstacle() throws VmException {
        KvmProbe probe = KvmProbe.parse(HARDWARE);
        assertEquals(Optional.empty(), probe.obstacle());
        assertTrue(probe.isUsable() && probe.runs(16) && probe.runs(32) && probe.runs(64) && probe.has("irqchip"));
        assertFalse(probe.has("tsc_stable") || probe.has("unheard-of"));
    }

    @Test
    void theObstacleIsWhatFailed() throws VmException {
        assertEquals("/dev/kvm is not usable: KVM_CREATE_VM: Device or resource busy",
                obstacle("device=works", "device=fails: KVM_CREATE_VM: Device or resource busy"));
        assertEquals("/dev/kvm is not usable: KVM's API has version 11, and only 12 is stable", obstacle("api=12", "api=11"));
        assertEquals("/dev/kvm here cannot run 64-bit guests: it did not end within 3000 ms",
                obstacle("mode64=works\n", "mode64=fails: it did not end within 3000 ms\n"));
        assertEquals("/dev/kvm here cannot run 64-bit guests: exit SHUTDOWN (triple fault)",
                obstacle("interrupt64=works", "interrupt64=fails: exit SHUTDOWN (triple fault)"));
        assertEquals("/dev/kvm here cannot run 64-bit guests: the probe gave no answer for interrupt64", obstacle("interrupt64=works\n", ""));
        assertEquals("/dev/kvm here cannot run 64-bit kernels: cmpxchg16b fails, exit INTERNAL_ERROR, suberror 1",
                obstacle("atomic64=works", "atomic64=fails: exit INTERNAL_ERROR, suberror 1"));
        assertEquals("/dev/kvm here interprets the guest, 1530 ns an instruction: Linux would boot for half an hour or more",
                obstacle("instruction_ns=0.41", "instruction_ns=1529.82"));
    }

    @Test
    void aModeThatTakesNoInterruptsDoesNotRun() throws VmException {
        assertFalse(KvmProbe.parse(HARDWARE.replace("interrupt32=works", "interrupt32=fails: exit HLT")).runs(32));
    }

    @Test
    void answersThatAreNoneAreRefused() {
        assertThrows(VmException.class, () -> KvmProbe.parse("Segmentation fault\n"));
        assertThrows(VmException.class, () -> KvmProbe.parse(""));
    }

    @Test
    void aDeviceThatIsNoKvmIsToldApart() throws Exception {
        assertEquals("/dev/kvm is not usable: KVM_GET_API_VERSION: Inappropriate ioctl for device",
                KvmProbe.run(List.of("--device", "/dev/null")).obstacle().orElseThrow());
        assertEquals("/dev/kvm is not usable: /no/device: No such file or directory",
                KvmProbe.run(List.of("--device", "/no/device")).obstacle().orElseThrow());
    }

    /** Where KVM interprets, the 200,000 instructions of mode64 take 300 ms: as good as a KVM that hangs. */
    @Test
    void aStepThatDoesNotEndIsTold() throws Exception {
        Assumptions.assumeTrue(Double.parseDouble(KvmProbe.run().facts().getOrDefault("instruction_ns", "0")) > 1000, "needs a KVM that interprets");
        KvmProbe probe = KvmProbe.run(List.of("--limit-ms", "60"));
        assertTrue(probe.obstacle().orElseThrow().endsWith("it did not end within 60 ms"), probe.toString());
    }

    @Test
    void whereThereIsKvmEveryStepIsAnswered() throws Exception {
        KvmProbe probe = KvmProbe.run();
        System.out.println("KvmProbeTest: " + probe.obstacle().orElse("/dev/kvm runs Linux") + " " + probe.facts());
        if (probe.isUsable()) {
            for (String key : List.of("mode16", "interrupt16", "mode32", "interrupt32", "mode64", "interrupt64", "atomic64")) {
                String answer = probe.facts().getOrDefault(key, "");
                assertTrue(answer.equals("works") || answer.startsWith("fails: "), key + "=" + answer);
            }
        }
    }
}
