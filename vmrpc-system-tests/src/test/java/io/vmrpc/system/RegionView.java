package io.vmrpc.system;

import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.layout.Protocol;
import io.vmrpc.layout.SlotDescriptor;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What a bystander on the host reads in a region. Fields are words that their writers store whole. */
final class RegionView {
    private final MappedByteBuffer bytes;

    RegionView(Path region) throws IOException {
        try (FileChannel file = FileChannel.open(region, StandardOpenOption.READ)) {
            bytes = file.map(MapMode.READ_ONLY, 0, file.size());
        }
        bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    int kickMode() {
        return bytes.getInt(HeaderDescriptor.KICK_MODE);
    }

    int link() {
        return bytes.getInt(HeaderDescriptor.LINK);
    }

    boolean isParked(int slot) {
        return bytes.getInt(at(slot) + SlotDescriptor.PARKED) == 1;
    }

    long parks(int slot) {
        return bytes.getLong(at(slot) + SlotDescriptor.PARKS);
    }

    long kicks(int slot) {
        return bytes.getLong(at(slot) + SlotDescriptor.KICKS);
    }

    int reason(int slot) {
        return bytes.getInt(at(slot) + SlotDescriptor.REASON);
    }

    private static int at(int slot) {
        return Protocol.PAGE + slot * SlotDescriptor.LENGTH;
    }

    /** Waits for a park that has lasted for a while, so that it is none of the short ones which follow a kick. */
    void awaitLongPark(int slot) throws InterruptedException {
        long[] since = {0, parks(slot)};
        await("a long park", () -> {
            if (parks(slot) != since[1] || !isParked(slot)) {
                since[0] = 0;
                since[1] = parks(slot);
            }
            return ++since[0] > 100;
        });
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        for (long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30); !condition.getAsBoolean();) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError("waited 30 s for " + what);
            }
            Thread.sleep(1);
        }
    }
}
