package io.vmrpc.examples;

import io.vmrpc.rpc.Subscription;
import io.vmrpc.rpc.VmService;

/** Prices, pushed. */
@VmService(name = "market-data")
public interface MarketData {
    /**
     * Subscribes to an instrument.
     *
     * @param symbol of it.
     * @return quotes in their order; a subscriber who is slow gets the newest one and learns from the sequence how many it missed.
     */
    Subscription<Quote> quotes(String symbol);

    /**
     * A quote.
     *
     * @param symbol of the instrument.
     * @param sequence of its quotes, from 1.
     * @param bid best price of buyers.
     * @param ask best price of sellers.
     * @param condition of the market.
     */
    record Quote(String symbol, long sequence, double bid, double ask, Condition condition) {
    }

    /** Conditions of a market. */
    enum Condition { OPEN, AUCTION, HALTED }
}
