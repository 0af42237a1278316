package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process, in a guest or beside it: what it wrote so far, and its input. Every wait has a limit and fails with all that the process wrote. */
final class GuestProcess {
    private static final String EXIT = "exit ";

    private final String name;
    private final Input input;
    private final BlockingQueue<String> fresh = new LinkedBlockingQueue<>();
    private final long started = System.nanoTime();
    private final List<String> seen = new ArrayList<>();

    /** Where the process reads its lines. */
    @FunctionalInterface
    interface Input {
        void send(String line) throws IOException;
    }

    GuestProcess(String name, Input input) {
        this.name = name;
        this.input = input;
    }

    void take(String line) {
        fresh.add(line);
    }

    void send(String line) throws IOException {
        input.send(line);
    }

    /** Waits for the next line that begins so, and drops those before it; another one that says failed, refused or exit fails the test. */
    Words await(String beginning, int seconds) throws InterruptedException {
        String line = poll(beginning, seconds);
        if (line == null) {
            return fail("no '" + beginning + "' within " + seconds + " s from " + this);
        }
        return new Words(line);
    }

    /** {@return whether a line that begins so comes within that time} */
    boolean comes(String beginning, int seconds) throws InterruptedException {
        return poll(beginning, seconds) != null;
    }

    /** Gives a task and waits for its end. */
    Words task(String line, int seconds) throws IOException, InterruptedException {
        send(line);
        return await("done", seconds);
    }

    int awaitExit(int seconds) throws InterruptedException {
        return Integer.parseInt(await(EXIT, seconds).text().substring(EXIT.length()));
    }

    private @Nullable String poll(String beginning, int seconds) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (String line; (line = fresh.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS)) != null;) {
            seen.add(String.format("%.1f s: %s", (System.nanoTime() - started) / 1e9, line));
            if (line.startsWith(beginning)) {
                return line;
            }
            if (line.startsWith("failed") || line.startsWith("refused") || line.startsWith(EXIT)) {
                fail("waited for '" + beginning + "' from " + this);
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return "process (" + name + "), which wrote:\n  " + String.join("\n  ", seen);
    }
}
