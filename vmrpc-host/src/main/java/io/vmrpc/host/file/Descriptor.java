package io.vmrpc.host.file;

import io.vmrpc.natives.Native;
import java.util.concurrent.atomic.AtomicInteger;

/** A descriptor that is closed when nobody uses it any more: neither its owner nor a call in the pool. For any thread. */
final class Descriptor {
    final int number;
    private final AtomicInteger users = new AtomicInteger(1);

    Descriptor(final int number) {
        this.number = number;
    }

    /** Only by one who has a use of it already, or on the owner's behalf. */
    void use() {
        users.incrementAndGet();
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            Native.vmrpc_close(number);
        }
    }
}
