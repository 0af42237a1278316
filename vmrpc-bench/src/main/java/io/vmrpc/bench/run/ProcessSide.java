package io.vmrpc.bench.run;

import java.util.List;

/** The worker is a process of this host: there is no VM. */
abstract class ProcessSide extends Side {
    /** The worker that runs now, or has run last. */
    abstract Process process();

    @Override
    String vm() {
        return "none";
    }

    @Override
    List<Long> threads() {
        return List.of();
    }

    @Override
    long pid() {
        return process().pid();
    }

    @Override
    String hostAddress() {
        return "127.0.0.1";
    }

    @Override
    boolean isAlive() {
        return process().isAlive();
    }

    @Override
    public void close() {
        process().destroyForcibly();
    }
}
