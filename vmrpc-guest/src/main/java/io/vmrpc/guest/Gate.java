package io.vmrpc.guest;

import io.vmrpc.error.ConnectException;
import io.vmrpc.layout.Protocol;
import io.vmrpc.natives.Native;
import io.vmrpc.region.Region;
import io.vmrpc.region.ShimLine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.concurrent.AtomicBuffer;

/**
 * The way into the shim: an instruction in a VM, a function of this process in loopback.
 *
 * @param handle what {@link Native#vmrpc_park} takes.
 * @param isLoopback whether {@link #close()} has a shim to end.
 */
record Gate(long handle, boolean isLoopback) implements AutoCloseable {
    private static final int ERROR_LENGTH = 512;

    static Gate loopback(final Region region, final Path socket) {
        final byte[] error = new byte[ERROR_LENGTH];
        final long handle = Native.vmrpc_gate_open(region.path().toString(), socket == null ? null : socket.toString(),
            region.geometry().slotCount(), error, ERROR_LENGTH);
        if (handle == 0) {
            throw new ConnectException(new String(error, StandardCharsets.UTF_8).replaceFirst("\0.*", ""));
        }
        return new Gate(handle, true);
    }

    static Gate instruction(final AtomicBuffer header) {
        final ShimLine shim = ShimLine.read(header);
        final int instruction = shim.instruction();
        if (shim.epoch() == 0) {
            throw new ConnectException("no shim serves this VM's region: start QEMU with the plugin libvmrpc-qemu-tcg.so, or under KVM with libvmrpc-qemu-kvm.so preloaded (see docs/operations.md)");
        }
        if (instruction != Protocol.INSTRUCTION_NOP && instruction != Protocol.INSTRUCTION_OUT) {
            throw new ConnectException("the shim of this VM is entered by instruction " + instruction +
                ", which this version does not know: use the same release in guest and host");
        }
        if (shim.refusal() != 0) {
            throw new ConnectException("the shim refuses to park: " + shim.refusalText());
        }
        if (instruction == Protocol.INSTRUCTION_OUT && Native.vmrpc_grant_port() < 0) {
            throw new ConnectException("ioperm on port 0x5652 failed: give the process CAP_SYS_RAWIO; lockdown must be off in this guest");
        }
        return new Gate(instruction, false);
    }

    @Override
    public void close() {
        if (isLoopback) {
            Native.vmrpc_gate_close(handle);
        }
    }
}
