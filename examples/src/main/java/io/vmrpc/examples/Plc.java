package io.vmrpc.examples;

import io.vmrpc.rpc.LongPolling;
import io.vmrpc.rpc.OneWay;
import io.vmrpc.rpc.VmService;

/** Inputs and outputs of a machine, as a programmable controller sees them. Nothing is allocated for a call. */
@VmService(name = "plc")
public interface Plc {
    /**
     * Waits for a sample that is newer.
     *
     * @param after number of the last sample that was seen; 0 for any.
     * @return its number; its value is what {@link #value} then gives.
     */
    @LongPolling
    long awaitSample(long after);

    /**
     * The newest sample.
     *
     * @return its value, in mV.
     */
    int value();

    /**
     * Sets an output.
     *
     * @param channel 0 to 15.
     * @param millivolts new value.
     */
    @OneWay
    void setOutput(int channel, int millivolts);

    /**
     * Reads an output back, which tells that it was set: calls of one channel are carried out in their order.
     *
     * @param channel 0 to 15.
     * @return its value, in mV.
     */
    int output(int channel);
}
