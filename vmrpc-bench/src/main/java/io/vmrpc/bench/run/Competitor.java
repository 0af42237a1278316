package io.vmrpc.bench.run;

import java.io.IOException;

/** One of those that measure at once: a program in a VM, or a process of the host. */
interface Competitor {
    /** The host's address, as the program sees it. */
    String host();

    /** The process whose threads are counted as its CPU time, once it runs. */
    long pid();

    /** Runs the program, which joins a window by those words, to its end; what it printed. */
    String run(String join) throws IOException, InterruptedException;
}
