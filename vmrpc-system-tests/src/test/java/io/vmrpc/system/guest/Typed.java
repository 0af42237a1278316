package io.vmrpc.system.guest;

import io.vmrpc.rpc.LongPolling;
import io.vmrpc.rpc.Subscription;
import io.vmrpc.rpc.VmService;
import org.agrona.DirectBuffer;

/** A typed service for guests of the tests. */
@VmService(name = "typed")
public interface Typed {
    /** {@return the sum} */
    long add(long a, long b);

    /** {@return the number, after some microseconds} */
    @LongPolling
    long later(int micros, long number);

    /** {@return the same bytes} */
    DirectBuffer echo(DirectBuffer bytes);

    /** {@return the numbers from 0} */
    Subscription<Long> count(int to);
}
