package io.vmrpc.host.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A count with one writer, the shard, and any number of readers. */
public final class Counter {
    private static final VarHandle VALUE;
    private long value;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    Counter() {
    }

    void increment() {
        add(1);
    }

    void add(final long more) {
        VALUE.setOpaque(this, value + more); // the plain read is the writer's own
    }

    /**
     * The count.
     *
     * @return from 0.
     */
    public long get() {
        return (long)VALUE.getOpaque(this);
    }

    @Override
    public String toString() {
        return Long.toString(get());
    }
}
