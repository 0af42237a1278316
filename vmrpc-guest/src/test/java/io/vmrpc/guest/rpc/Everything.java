package io.vmrpc.guest.rpc;

import io.vmrpc.rpc.LongPolling;
import io.vmrpc.rpc.MethodId;
import io.vmrpc.rpc.OneWay;
import io.vmrpc.rpc.Subscription;
import io.vmrpc.rpc.VmService;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.agrona.DirectBuffer;

/** A service with every type and style. */
@VmService(name = "everything")
interface Everything {
    int add(int a, int b);

    long primitives(boolean flag, byte b, short s, char c, int i, long l, float f, double d);

    Side opposite(Side side);

    Order copy(Order order);

    String join(List<String> words, Optional<String> separator);

    byte[] reverse(byte[] bytes);

    DirectBuffer echo(int prefix, DirectBuffer bytes);

    long sum(DirectBuffer bytes);

    List<Optional<Order>> nested(List<List<Integer>> numbers, Optional<Order> order);

    void nothing();

    @MethodId(7)
    int twice(int value);

    @MethodId(8)
    String twice(String value);

    void reject(String text) throws Rejected;

    void fail(String text);

    @OneWay
    void count(int by);

    long counted();

    CompletionStage<String> later(String text);

    CompletionStage<Void> laterNothing() throws Rejected;

    @LongPolling
    long next(int id);

    @LongPolling
    CompletionStage<byte[]> nextBytes(int id) throws Rejected;

    Subscription<Order> orders(int from, int to);

    Subscription<DirectBuffer> parts(int size);

    default int three() {
        return add(1, 2);
    }

    /** An enum. */
    enum Side { BUY, SELL }

    /** A record of all kinds. */
    record Order(long id, Side side, double price, String text, List<Leg> legs, Optional<Integer> limit, byte[] tag, Leg main) {
    }

    /** A record in a record. */
    record Leg(char code, boolean in, short at, float ratio) {
    }

    /** An exception that guests see. */
    final class Rejected extends Exception {
        private static final long serialVersionUID = 1;

        Rejected(final String message) {
            super(message);
        }
    }
}
