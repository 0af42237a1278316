package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The worker's process and what is around it: a VM, or a second JVM on this host. */
abstract class Side implements AutoCloseable {
    private final BlockingQueue<Row> rows = new LinkedBlockingQueue<>();

    /** The kind of VM, as rows name it. */
    abstract String vm();

    /** Threads that the scheduling variants touch: every one of the VM, the real-time vCPU's first. */
    abstract List<Long> threads() throws IOException;

    /** The process whose threads those are. */
    abstract long pid();

    /** Where the worker reaches the host by TCP. */
    abstract String hostAddress();

    /** Whether the worker still runs. */
    abstract boolean isAlive();

    @Override
    public abstract void close();

    final BlockingQueue<Row> rows() {
        return rows;
    }
}
