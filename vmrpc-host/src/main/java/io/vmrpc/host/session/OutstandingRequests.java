package io.vmrpc.host.session;

import java.util.Arrays;
import org.agrona.collections.Long2ObjectHashMap;

/** The outstanding requests of a channel and the pool of their records, which grows to the quota and no further. */
final class OutstandingRequests {
    private final HostChannel channel;
    private final Long2ObjectHashMap<OutstandingRequest> byCorrelation = new Long2ObjectHashMap<>();
    /** Records: those in use come first, the pool follows. */
    private OutstandingRequest[] records = new OutstandingRequest[8];
    private int count;

    OutstandingRequests(final HostChannel channel) {
        this.channel = channel;
    }

    int count() {
        return count;
    }

    OutstandingRequest last() {
        return records[count - 1];
    }

    OutstandingRequest named(final long correlation) {
        return count == 0 ? null : byCorrelation.get(correlation);
    }

    OutstandingRequest take(final long correlation, final boolean isOneWay) {
        if (count == records.length) {
            records = Arrays.copyOf(records, count * 2);
        }
        OutstandingRequest request = records[count];
        if (request == null) {
            request = new OutstandingRequest(channel);
            records[count] = request;
        }
        request.index = count++;
        request.correlation = correlation;
        request.isOneWay = isOneWay;
        request.lost = 0;
        request.isHeld = false;
        if (!isOneWay) { // the correlation id of a one-way request names nothing
            byCorrelation.put(correlation, request);
        }
        return request;
    }

    void release(final OutstandingRequest request) {
        if (!request.isOneWay) {
            byCorrelation.remove(request.correlation);
        }
        request.payload = null;
        request.spaceListener = null;
        final OutstandingRequest moved = records[--count];
        records[request.index] = moved;
        moved.index = request.index;
        records[count] = request;
        request.index = -1;
    }
}
