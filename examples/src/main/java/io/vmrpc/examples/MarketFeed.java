package io.vmrpc.examples;

import io.vmrpc.examples.MarketData.Quote;
import io.vmrpc.rpc.EventPublisher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** The host's side of {@link MarketData}: a quote that a slow subscriber cannot take is replaced by the next one. Belongs to one shard. */
final class MarketFeed implements MarketDataHost {
    private final Map<String, List<Subscriber>> subscribers = new HashMap<>();

    @Override
    public void quotes(final String symbol, final EventPublisher<Quote> publisher) {
        final Subscriber subscriber = new Subscriber(publisher);
        final List<Subscriber> all = subscribers.computeIfAbsent(symbol, ignored -> new ArrayList<>());
        all.add(subscriber);
        publisher.onReady(subscriber::flush);
        publisher.onEnd(status -> all.remove(subscriber));
    }

    /** A new quote, by any thread. */
    void quoted(final Executor shard, final Quote quote) {
        shard.execute(() -> List.copyOf(subscribers.getOrDefault(quote.symbol(), List.of())).forEach(each -> each.send(quote)));
    }

    /** One guest's subscription, and the quote that it has not got yet. */
    private static final class Subscriber {
        private final EventPublisher<Quote> publisher;
        private Quote pending;

        private Subscriber(final EventPublisher<Quote> publisher) {
            this.publisher = publisher;
        }

        private void send(final Quote quote) {
            pending = publisher.publish(quote) ? null : quote;
        }

        private void flush() {
            if (pending != null) {
                send(pending);
            }
        }
    }
}
