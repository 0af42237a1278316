package io.vmrpc.host.rpc;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.Request;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.wire.RpcProtocol;
import io.vmrpc.rpc.wire.WireException;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Arguments that come in parts, of a few calls for each channel at a time: a guest's listener may begin another while one is being sent. The
 * oldest gives way to a new one, since a guest may give up in the middle. Memory grows only with bytes that have come, and all channels of a
 * session together hold at most the budget.
 */
final class ChunkTable {
    private static final int FIRST_CAPACITY = 1 << 16;
    /** Calls' limits that a session may hold at a time. */
    private static final int CALLS = 4;
    /** Transfers that a channel may have begun at a time. */
    private static final int TRANSFERS = 4;
    private final String service;
    private final int limit;
    private final long budget;
    private final Int2ObjectHashMap<Parts[]> channels = new Int2ObjectHashMap<>();
    private long held;
    private long begun;
    private byte @Nullable [] spare;

    /** What has come of one call's arguments. */
    private static final class Parts {
        private int transfer;
        /** When it began; 0: it is not in use. */
        private long age;
        private byte @Nullable [] bytes;
        private int length;
        private boolean isBroken;
        private boolean isTooLong;
        private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    }

    ChunkTable(final String service, final int limit) {
        this.service = service;
        this.limit = limit;
        budget = (long)CALLS * limit;
    }

    /** Takes a part. What is wrong with it is told when the call comes. */
    void onChunk(final Request request) {
        final int length = request.length() - RpcProtocol.CHUNK_HEADER;
        if (length < 0) {
            return; // the call will miss it
        }
        final int transfer = request.payload().getInt(request.offset(), LITTLE_ENDIAN);
        final int offset = request.payload().getInt(request.offset() + Integer.BYTES, LITTLE_ENDIAN);
        final Parts parts = offset == 0 ? begin(request.channel(), transfer) : find(request.channel(), transfer);
        if (parts == null) {
            return;
        }
        parts.isBroken |= offset != parts.length;
        parts.isTooLong |= !parts.isBroken && !ensure(parts, (long)parts.length + length);
        if (!parts.isBroken && !parts.isTooLong && length > 0) {
            request.payload().getBytes(request.offset() + RpcProtocol.CHUNK_HEADER, parts.bytes, parts.length, length);
            parts.length += length;
        }
    }

    private @Nullable Parts find(final int channel, final int transfer) {
        final Parts[] all = channels.get(channel);
        for (int i = 0; all != null && i < TRANSFERS; i++) {
            if (all[i].age != 0 && all[i].transfer == transfer) {
                return all[i];
            }
        }
        return null;
    }

    /** The same transfer anew, or in place of the oldest. */
    private Parts begin(final int channel, final int transfer) {
        Parts[] all = channels.get(channel);
        if (all == null) {
            all = new Parts[TRANSFERS];
            Arrays.setAll(all, i -> new Parts());
            channels.put(channel, all);
        }
        Parts chosen = find(channel, transfer);
        if (chosen == null) {
            chosen = all[0];
            for (final Parts each : all) {
                chosen = each.age < chosen.age ? each : chosen;
            }
        }
        release(chosen);
        chosen.transfer = transfer;
        chosen.age = ++begun;
        chosen.isBroken = false;
        chosen.isTooLong = false;
        return chosen;
    }

    private boolean ensure(final Parts parts, final long length) {
        final byte[] bytes = parts.bytes;
        final int capacity = bytes == null ? 0 : bytes.length;
        if (length <= capacity) {
            return true;
        }
        final byte[] kept = spare;
        if (bytes == null && kept != null && kept.length >= length) {
            parts.bytes = kept;
            spare = null;
            return true;
        }
        final int larger = (int)Math.min(limit, Math.max(FIRST_CAPACITY, Math.max(length, 2L * capacity)));
        if (length > limit || held - capacity + larger > budget) {
            return false;
        }
        held += larger - capacity;
        parts.bytes = bytes == null ? new byte[larger] : Arrays.copyOf(bytes, larger);
        return true;
    }

    /** The arguments, if all of them came; valid until the next part comes. */
    DirectBuffer take(final int channel, final int transfer, final int total, final MethodDescriptor method) {
        final Parts parts = find(channel, transfer);
        if (parts != null && parts.isTooLong || total > limit) {
            release(parts);
            throw new RpcException(Status.RESOURCE_EXHAUSTED, "the arguments of " + method + " take " + total + " bytes, but " + service + " takes " + limit +
                " in a call, and " + budget + " in a session at a time: send less at a time, or raise RpcService.maxMessageBytes in the host");
        }
        final byte[] bytes = parts == null ? null : parts.bytes;
        if (parts == null || bytes == null || parts.isBroken || parts.length != total) {
            release(parts);
            throw new WireException("the arguments of " + method + " should come in parts of " + total + " bytes together, but did not");
        }
        parts.view.wrap(bytes, 0, total);
        release(parts);
        return parts.view;
    }

    /** One buffer is kept for the next call; it still holds the bytes at hand. */
    private void release(final @Nullable Parts parts) {
        if (parts == null) {
            return;
        }
        parts.age = 0;
        parts.length = 0;
        if (parts.bytes == null) {
            return;
        }
        final byte[] kept = spare;
        final byte[] bytes = parts.bytes;
        held -= kept == null ? 0 : Math.min(kept.length, bytes.length);
        spare = kept == null || kept.length < bytes.length ? bytes : kept;
        parts.bytes = null;
    }
}
