package io.vmrpc.host.rpc;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.vmrpc.host.service.Publisher;
import io.vmrpc.rpc.wire.WireWriter;
import org.agrona.MutableDirectBuffer;

/** A reply that takes several records: written to the ring as it has space, so that a slow guest slows it down. */
final class ResultStream {
    private final Publisher publisher;
    private final WireWriter result;
    private final Runnable onDone;
    private int position;

    ResultStream(final Publisher publisher, final WireWriter result, final Runnable onDone) {
        this.publisher = publisher;
        this.result = result;
        this.onDone = onDone;
    }

    /** Writes what there is space for; whether that was all. */
    boolean push() {
        final int length = result.position();
        final int capacity = publisher.payloadCapacity();
        while (position < length) {
            final MutableDirectBuffer space = publisher.claim();
            if (space == null) {
                publisher.awaitSpace(this::resume);
                return false;
            }
            int at = 0;
            if (position == 0) {
                space.putInt(0, length, LITTLE_ENDIAN);
                at = Integer.BYTES;
            }
            final int size = Math.min(capacity - at, length - position);
            space.putBytes(at, result.buffer(), position, size);
            position += size;
            publisher.publish(at + size);
        }
        publisher.complete();
        return true;
    }

    private void resume() {
        if (publisher.isOutstanding() && push()) {
            onDone.run();
        }
    }
}
