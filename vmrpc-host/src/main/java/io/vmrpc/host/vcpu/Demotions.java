package io.vmrpc.host.vcpu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** What the guard reports: counted always, said at most once a minute. */
final class Demotions {
    private static final long PAUSE_NS = TimeUnit.MINUTES.toNanos(1);
    private final int vcpu;
    private final int share;
    private final Consumer<String> listener;
    private final AtomicLong count = new AtomicLong();

    Demotions(final int vcpu, final VcpuControlContext context) {
        this.vcpu = vcpu;
        share = context.share();
        listener = context.listener();
    }

    long count() {
        return count.get();
    }

    /** Reads to the end of the guard, in a thread of its own. */
    void follow(final InputStream lines) {
        final Thread reader = new Thread(() -> read(lines), "vmrpc-guard-" + vcpu);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(final InputStream stream) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            long next = System.nanoTime();
            for (String line; (line = lines.readLine()) != null;) {
                final String[] words = line.split(" ");
                count.set(Long.parseLong(words[1]));
                if (System.nanoTime() - next >= 0) {
                    next = System.nanoTime() + PAUSE_NS;
                    listener.accept(sentence(Long.parseLong(words[2])));
                }
            }
        } catch (final IOException e) {
            // closed with the process
        }
    }

    private String sentence(final long ranMs) {
        return "vCPU " + vcpu + " computed for " + ranMs + " ms of the last second: ordinary threads get " + (100 - share) +
            " % of its CPU" + (count() == 1 ? "" : ", " + count + " times so far") + "; a guest that parks or sleeps is not touched";
    }
}
