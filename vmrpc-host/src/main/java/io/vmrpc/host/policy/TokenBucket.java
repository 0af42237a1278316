package io.vmrpc.host.policy;

import io.vmrpc.socket.SocketProtocol;

/**
 * Bounds a rate: it fills with time and is emptied by what passes. It holds a tenth of a second's worth, but at least one record, and
 * begins full. A record passes whenever anything is left and may overdraw it; the debt is paid before the next one. So in any time
 * <i>t</i> no more than rate * <i>t</i> + capacity + one record passes.
 *
 * <p>Exact: what is less than a token is carried over. Not thread-safe; the clock is the caller's.
 */
public final class TokenBucket {
    /** Most that may be taken at once. With it a debt in ns still fits in 63 bits. */
    public static final long MAX_AMOUNT = 1L << 32;
    private static final long SECOND_NS = 1_000_000_000L;
    private final long perSecond;
    private final long capacity;
    private long level;
    private long billionths; // of a token, beyond level
    private long lastNs;

    private TokenBucket(final long perSecond, final long record, final long nowNs) {
        if (perSecond < 1 || perSecond > Limits.MAX_RATE && perSecond != Limits.UNLIMITED) {
            throw new IllegalArgumentException("perSecond=" + perSecond + " must be 1 to " + Limits.MAX_RATE + ", or Limits.UNLIMITED");
        }
        this.perSecond = perSecond;
        capacity = Math.max(perSecond / 10, record);
        level = capacity;
        lastNs = nowNs;
    }

    /**
     * A bucket for bytes.
     *
     * @param perSecond 1 to {@link Limits#MAX_RATE}, or {@link Limits#UNLIMITED}.
     * @param nowNs any clock in ns that does not run backwards.
     * @return with room for one datagram of the largest size at least.
     */
    public static TokenBucket ofBytes(final long perSecond, final long nowNs) {
        return new TokenBucket(perSecond, SocketProtocol.MAX_DATAGRAM, nowNs);
    }

    /**
     * A bucket for packets.
     *
     * @param perSecond 1 to {@link Limits#MAX_RATE}, or {@link Limits#UNLIMITED}.
     * @param nowNs any clock in ns that does not run backwards.
     * @return with room for one packet at least.
     */
    public static TokenBucket ofPackets(final long perSecond, final long nowNs) {
        return new TokenBucket(perSecond, 1, nowNs);
    }

    /**
     * Lets a record pass, or not.
     *
     * @param amount of it, 0 to {@link #MAX_AMOUNT}.
     * @param nowNs time.
     * @return false, and nothing is taken, if nothing is left: wait until {@link #readyAtNs}.
     */
    public boolean tryTake(final long amount, final long nowNs) {
        if (amount < 0 || amount > MAX_AMOUNT) {
            throw new IllegalArgumentException("amount=" + amount + " must be 0 to " + MAX_AMOUNT);
        }
        if (perSecond == Limits.UNLIMITED) {
            return true;
        }
        refill(nowNs);
        if (level <= 0) {
            return false;
        }
        level -= amount;
        return true;
    }

    /**
     * When the next record can pass.
     *
     * @param nowNs time.
     * @return the first ns at which {@link #tryTake} succeeds; nowNs if it does already.
     */
    public long readyAtNs(final long nowNs) {
        if (perSecond == Limits.UNLIMITED) {
            return nowNs;
        }
        refill(nowNs);
        return level > 0 ? nowNs : lastNs + ceilDiv((1 - level) * SECOND_NS - billionths, perSecond);
    }

    private static long ceilDiv(final long dividend, final long divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    /** Whole seconds and the rest apart, so that nothing overflows. */
    private void refill(final long nowNs) {
        final long elapsed = nowNs - lastNs;
        if (elapsed <= 0) {
            return;
        }
        lastNs = nowNs;
        final long seconds = elapsed / SECOND_NS;
        final long ns = elapsed % SECOND_NS;
        if (seconds > (capacity - level) / perSecond) {
            fill();
            return;
        }
        final long fraction = perSecond % SECOND_NS * ns + billionths; // below 10^18
        level += seconds * perSecond + perSecond / SECOND_NS * ns + fraction / SECOND_NS;
        billionths = fraction % SECOND_NS;
        if (level >= capacity) {
            fill();
        }
    }

    private void fill() {
        level = capacity;
        billionths = 0;
    }
}
