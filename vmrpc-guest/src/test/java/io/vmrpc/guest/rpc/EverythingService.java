package io.vmrpc.guest.rpc;

import io.vmrpc.guest.rpc.Everything.Leg;
import io.vmrpc.guest.rpc.Everything.Order;
import io.vmrpc.guest.rpc.Everything.Side;
import io.vmrpc.rpc.EventPublisher;
import io.vmrpc.rpc.LongPoll;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The host's side of {@link Everything}. */
final class EverythingService implements EverythingHost {
    final Map<Integer, LongPoll<Long>> polls = new ConcurrentHashMap<>();
    final Map<Integer, LongPoll<byte[]>> bytePolls = new ConcurrentHashMap<>();
    final List<EventPublisher<Order>> publishers = new ArrayList<>();
    final CompletableFuture<String> never = new CompletableFuture<>();
    volatile long sent;
    private long counted;

    @Override
    public int add(final int a, final int b) {
        return a + b;
    }

    @Override
    public long primitives(final boolean flag, final byte b, final short s, final char c, final int i, final long l, final float f, final double d) {
        return (flag ? 1 : 0) + b + s + c + i + l + (long)f + (long)d;
    }

    @Override
    public Side opposite(final Side side) {
        return side == Side.BUY ? Side.SELL : Side.BUY;
    }

    @Override
    public Order copy(final Order order) {
        return order;
    }

    @Override
    public String join(final List<String> words, final Optional<String> separator) {
        return words.stream().collect(Collectors.joining(separator.orElse("")));
    }

    @Override
    public byte[] reverse(final byte[] bytes) {
        final byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    @Override
    public DirectBuffer echo(final int prefix, final DirectBuffer bytes) {
        return bytes;
    }

    @Override
    public long sum(final DirectBuffer bytes) {
        long sum = 0;
        for (int i = 0; i < bytes.capacity(); i++) {
            sum += bytes.getByte(i);
        }
        return sum;
    }

    @Override
    public List<Optional<Order>> nested(final List<List<Integer>> numbers, final Optional<Order> order) {
        final List<Optional<Order>> orders = new ArrayList<>();
        numbers.forEach(each -> each.forEach(number -> orders.add(number > 0 ? order : Optional.empty())));
        return orders;
    }

    @Override
    public void nothing() {
    }

    @Override
    public int twice(final int value) {
        return 2 * value;
    }

    @Override
    public String twice(final String value) {
        return value + value;
    }

    @Override
    public void reject(final String text) throws Everything.Rejected {
        throw new Everything.Rejected(text);
    }

    @Override
    public void fail(final String text) {
        throw new IllegalArgumentException(text);
    }

    @Override
    public void count(final int by) {
        counted += by;
    }

    @Override
    public long counted() {
        return counted;
    }

    @Override
    public CompletionStage<String> later(final String text) {
        return text.equals("never") ? never : CompletableFuture.supplyAsync(() -> {
            if (text.equals("bad")) {
                throw new IllegalStateException("secret");
            }
            return text + "!";
        });
    }

    @Override
    public CompletionStage<Void> laterNothing() throws Everything.Rejected {
        return CompletableFuture.failedFuture(new Everything.Rejected("not now"));
    }

    @Override
    public void next(final int id, final LongPoll<Long> reply) {
        polls.put(id, reply);
    }

    @Override
    public void nextBytes(final int id, final LongPoll<byte[]> reply) throws Everything.Rejected {
        if (id < 0) {
            throw new Everything.Rejected("id=" + id);
        }
        bytePolls.put(id, reply);
        if (id == 1_000) {
            throw new IllegalStateException("thrown after the reply was taken");
        }
    }

    @Override
    public void orders(final int from, final int to, final EventPublisher<Order> publisher) {
        publishers.add(publisher);
        final int[] next = {from};
        final Runnable more = () -> {
            while (next[0] < to && publisher.publish(order(next[0]))) {
                next[0]++;
                sent++;
            }
            if (next[0] == to && publisher.isOutstanding()) {
                publisher.complete();
            }
        };
        publisher.onReady(more);
        more.run();
    }

    @Override
    public void parts(final int size, final EventPublisher<DirectBuffer> publisher) {
        publisher.publish(new UnsafeBuffer(new byte[size]));
        publisher.complete();
    }

    static Order order(final long id) {
        return new Order(id, id % 2 == 0 ? Side.BUY : Side.SELL, id / 2.0, "order ü " + id,
            List.of(new Leg('a', true, (short)-1, 0.5f), new Leg('\u20ac', false, (short)2, -1)), id % 3 == 0 ? Optional.empty() : Optional.of((int)id),
            new byte[]{1, (byte)id}, new Leg('m', true, (short)9, 3));
    }
}
