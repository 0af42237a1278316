package io.vmrpc.region;

import static io.vmrpc.layout.HeaderDescriptor.*;

import io.vmrpc.layout.Protocol;
import org.agrona.concurrent.AtomicBuffer;

/**
 * The shim's words about itself (docs/protocol.md, section 3.5): a copy.
 *
 * @param epoch 0: no shim serves this region.
 * @param kind {@code SHIM_} of {@link Protocol}.
 * @param version of the protocol that the shim speaks.
 * @param instruction {@code INSTRUCTION_} of {@link Protocol}.
 * @param kickMode {@code KICK_} of {@link Protocol}.
 * @param slotsServed slots below this number can park.
 * @param link {@code LINK_} of {@link Protocol}: the socket to the agent.
 * @param sliceNs longest park in kick mode SLICES.
 * @param refusal 0, or {@code REFUSAL_} of {@link Protocol}.
 * @param parkMode {@code PARK_} of {@link Protocol}.
 */
public record ShimLine(long epoch, int kind, int version, int instruction, int kickMode, int slotsServed, int link, long sliceNs, int refusal,
    int parkMode) {
    /**
     * Reads the line.
     *
     * @param header of a region.
     * @return a copy.
     */
    public static ShimLine read(final AtomicBuffer header) {
        final long epoch = header.getLongAcquire(SHIM_EPOCH); // stored last, so the rest is there
        return new ShimLine(epoch, header.getInt(SHIM_KIND), header.getInt(SHIM_VERSION), header.getInt(INSTRUCTION), header.getInt(KICK_MODE),
            header.getInt(SLOTS_SERVED), header.getIntAcquire(LINK), header.getLong(SLICE_NS), header.getInt(REFUSAL), header.getInt(PARK_MODE));
    }

    /**
     * What parks the guest, and how.
     *
     * @return for example {@code QEMU TCG, kick hook}.
     */
    public String text() {
        if (parkMode == Protocol.PARK_HALTED) {
            return kindText() + ", halted";
        }
        return kindText() + (kickMode == Protocol.KICK_HOOK ? ", kick hook" : ", slices of " + sliceNs / 1000 + " us");
    }

    private String kindText() {
        return switch (kind) {
            case Protocol.SHIM_LOOPBACK -> "loopback";
            case Protocol.SHIM_QEMU_TCG -> "QEMU TCG";
            case Protocol.SHIM_QEMU_KVM -> "QEMU KVM";
            default -> "shim kind " + kind;
        };
    }

    /**
     * Why the shim does not park.
     *
     * @return what is wrong and what to do; empty if it parks.
     */
    public String refusalText() {
        return switch (refusal) {
            case 0 -> "";
            case Protocol.REFUSAL_SINGLE_THREADED_TCG -> "QEMU runs with tcg,thread=single, where one park stops all vCPUs; use thread=multi";
            case Protocol.REFUSAL_NO_IRQCHIP -> "VMRPC_PARK=halted needs KVM's own local APIC: start QEMU without kernel-irqchip=off, or with VMRPC_PARK=futex";
            case Protocol.REFUSAL_SECCOMP -> "a seccomp filter of QEMU forbids a system call that parking needs: QEMU's log names it";
            default -> "refusal " + refusal + ", which this version does not know: use the same release in guest and host";
        };
    }
}
