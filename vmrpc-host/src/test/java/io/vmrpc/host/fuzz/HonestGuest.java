package io.vmrpc.host.fuzz;

import static io.vmrpc.layout.HeaderDescriptor.*;

import io.vmrpc.layout.Protocol;
import io.vmrpc.natives.Native;
import io.vmrpc.region.Region;
import io.vmrpc.ring.CompletionConsumer;
import io.vmrpc.ring.SubmissionProducer;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A guest with a loopback shim that keeps to the protocol and insists on its answers. */
final class HonestGuest implements AutoCloseable {
    private static final long PATIENCE_NS = 30_000_000_000L;
    private static final long EPOCH = 77;
    private final Region region;
    private final AtomicBuffer header;
    private final SubmissionProducer submissions;
    private final CompletionConsumer completions;
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[64]);
    private final long gate;
    private long answered = -1;

    HonestGuest(final Path path) throws IOException {
        region = Region.open(path);
        header = region.header();
        final byte[] error = new byte[256];
        gate = Native.vmrpc_gate_open(path.toString(), null, 0, error, error.length);
        if (gate == 0) {
            throw new IOException(new String(error, StandardCharsets.UTF_8).trim());
        }
        await("link", () -> header.getIntAcquire(LINK) == Protocol.LINK_UP);
        submissions = new SubmissionProducer(region.channel(0), region.geometry());
        completions = new CompletionConsumer(region.channel(0), region.geometry());
        header.putInt(GUEST_VERSION, Protocol.VERSION);
        header.putInt(CONTROL_SLOT, Protocol.NO_SLOT);
        header.putLongRelease(GUEST_EPOCH, EPOCH);
        ring();
        await("session", () -> header.getIntAcquire(SESSION_STATUS) == Protocol.SESSION_OPEN);
    }

    private static void await(final String what, final BooleanSupplier condition) {
        final long giveUpNs = System.nanoTime() + PATIENCE_NS;
        for (int i = 0; !condition.getAsBoolean(); i++) {
            if (System.nanoTime() > giveUpNs) {
                throw new AssertionError("waited in vain for: " + what);
            }
            if (i > 1000) {
                Thread.yield();
            }
        }
    }

    private void ring() {
        VarHandle.fullFence(); // D2
        if (header.getIntAcquire(SLEEPING) != 0) {
            Native.vmrpc_doorbell(gate);
        }
    }

    void call(final long number) {
        payload.putLong(0, number);
        final int length = 8 + (int)(number % 57);
        submissions.offer(number, Protocol.operation(1, 0), 0, Protocol.NO_DEADLINE, payload, 0, length);
        ring();
        await("answer to call " + number, () -> completions.poll((correlation, status, flags, detail, lost, bytes, offset, size) -> {
            if (correlation != number || status != 0 || size != length || bytes.getLong(offset) != number) {
                throw new AssertionError("call " + number + " was answered by correlation=" + correlation + " status=" + status +
                    " length=" + size);
            }
            answered = correlation;
        }, 1) > 0);
        if (answered != number) {
            throw new AssertionError("answered=" + answered + " number=" + number);
        }
    }

    @Override
    public void close() {
        Native.vmrpc_gate_close(gate);
        region.close();
    }
}
