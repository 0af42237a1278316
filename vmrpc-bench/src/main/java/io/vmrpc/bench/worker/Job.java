package io.vmrpc.bench.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/**
 * What the host asks a worker to do.
 *
 * @param bench {@code timer}, {@code rpc}, {@code net}, {@code serve}, {@code hold}, {@code load}, or {@code quit}.
 * @param variant of the row, see {@link io.vmrpc.bench.report.Variants}.
 * @param count samples to record.
 * @param warmUp samples to take before, not recorded.
 * @param periodNs of a timer; length of a hold; time to warm up of round trips.
 * @param payload bytes of a call.
 * @param address and {@code port} of the server that is asked, or that serves.
 * @param port see address.
 * @param params go into the row as they are.
 */
public record Job(String bench, String variant, int count, int warmUp, long periodNs, int payload, String address, int port,
    Map<String, String> params) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Bytes of one connection of a bulk job; of one whose cost is measured so many of them. */
    public static final long STREAM_BYTES = 32L << 20;
    /** Parameter that goes into no row: the command of a program, for a shell. */
    public static final String COMMAND = "command";
    /** Stands in a command for the file that its samples go to. */
    public static final String SAMPLES = "@samples@";
    /** The worker ends. */
    public static final Job QUIT = new Job("quit", "quit", 0, 0, 0, 0, "", 0, Map.of());

    /**
     * A timer job.
     *
     * @param variant of the row.
     * @param periodNs period or delay.
     * @param count samples.
     * @param params of the row.
     * @return the job.
     */
    public static Job timer(final String variant, final long periodNs, final int count, final Map<String, String> params) {
        return new Job("timer", variant, count, Math.min(count / 10 + 1, 200), periodNs, 0, "", 0, params);
    }

    /**
     * A job of round trips.
     *
     * @param variant of the row.
     * @param payload bytes each way.
     * @param count samples.
     * @param warmUp calls before.
     * @param warmUpNs time to call before, at least.
     * @param address of the TCP echo server, or empty.
     * @param port of it.
     * @param params of the row.
     * @return the job.
     */
    public static Job rpc(final String variant, final int payload, final int count, final int warmUp, final long warmUpNs,
        final String address, final int port, final Map<String, String> params) {
        return new Job("rpc", variant, count, warmUp, warmUpNs, payload, address, port, params);
    }

    /**
     * A job of exchanges with a peer, or of streams to it.
     *
     * @param variant of the row.
     * @param payload bytes of a request and its answer.
     * @param count samples.
     * @param warmUp rounds, or streams, before.
     * @param warmUpNs time to exchange before, at least.
     * @param address of the peer.
     * @param port of the peer's echo; its sink listens at the next one.
     * @param params of the row.
     * @return the job.
     */
    public static Job net(final String variant, final int payload, final int count, final int warmUp, final long warmUpNs,
        final String address, final int port, final Map<String, String> params) {
        return new Job("net", variant, count, warmUp, warmUpNs, payload, address, port, params);
    }

    /**
     * A job that serves clients outside: a row without samples when it listens, another one when its client has gone.
     *
     * @param variant whose server it is.
     * @param address to listen at.
     * @param port to listen at; a server that is another process ends when something connects to the next one.
     * @return the job.
     */
    public static Job serve(final String variant, final String address, final int port) {
        return new Job("serve", variant, 0, 0, 0, 0, address, port, Map.of());
    }

    /**
     * A job of file operations.
     *
     * @param variant of the row; its end says what is done.
     * @param payload bytes of a read or write, 0 where nothing is moved.
     * @param count samples.
     * @param warmUpNs time to do the same before, at least.
     * @param params of the row.
     * @return the job.
     */
    public static Job file(final String variant, final int payload, final int count, final long warmUpNs, final Map<String, String> params) {
        return new Job("file", variant, count, 10, warmUpNs, payload, "", 0, params);
    }

    /**
     * The job as text.
     *
     * @return one line of JSON.
     */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (final JsonProcessingException e) {
            throw new IllegalStateException("a record of text and numbers is always JSON", e);
        }
    }

    /**
     * Reads a job.
     *
     * @param json of {@link #toJson}.
     * @return the job.
     */
    public static Job fromJson(final String json) {
        try {
            return JSON.readValue(json, Job.class);
        } catch (final JsonProcessingException e) {
            throw new IllegalArgumentException("not a job: " + e.getOriginalMessage(), e);
        }
    }
}
