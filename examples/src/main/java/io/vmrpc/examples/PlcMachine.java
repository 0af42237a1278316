package io.vmrpc.examples;

import io.vmrpc.error.Status;
import io.vmrpc.rpc.LongPoll;
import io.vmrpc.rpc.RpcException;
import java.util.ArrayList;
import java.util.List;

/** The host's side of {@link Plc}. Belongs to one shard; the machine's own thread only calls {@link #sampled}. */
final class PlcMachine implements PlcHost {
    private static final int OUTPUTS = 16;
    private final int[] outputs = new int[OUTPUTS];
    private final List<LongPoll<Long>> waiting = new ArrayList<>();
    private long number;
    private int millivolts;

    @Override
    public synchronized void awaitSample(final long after, final LongPoll<Long> reply) {
        if (number > after) {
            reply.complete(number);
        } else {
            waiting.add(reply);
        }
    }

    /** A new sample, by any thread. */
    synchronized void sampled(final int value) {
        millivolts = value;
        number++;
        waiting.forEach(each -> each.complete(number)); // false for a guest that is gone, which is no matter
        waiting.clear();
    }

    @Override
    public synchronized int value() {
        return millivolts;
    }

    @Override
    public void setOutput(final int channel, final int value) {
        outputs[checked(channel)] = value;
    }

    @Override
    public int output(final int channel) {
        return outputs[checked(channel)];
    }

    private static int checked(final int channel) {
        if (channel < 0 || channel >= OUTPUTS) {
            throw new RpcException(Status.INVALID_ARGUMENT, "channel=" + channel + " must be 0 to " + (OUTPUTS - 1));
        }
        return channel;
    }
}
