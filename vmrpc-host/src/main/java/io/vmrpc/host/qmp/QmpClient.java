package io.vmrpc.host.qmp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A client of QEMU's monitor (QMP, qemu-project docs/interop/qmp-spec). Thread-safe: commands of several threads may be
 * outstanding at once. A thread of its own reads; it ends when the monitor's socket does.
 */
public final class QmpClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SocketChannel socket;
    private final Duration timeout;
    private final Consumer<JsonNode> events;
    private final CompletableFuture<JsonNode> greeting = new CompletableFuture<>();
    private final Map<String, CompletableFuture<JsonNode>> outstanding = new ConcurrentHashMap<>();
    private final AtomicLong nextId = new AtomicLong();
    private volatile boolean closed;

    /**
     * Takes over a connected monitor: waits for its greeting and leaves negotiation mode.
     *
     * @param socket connected to QEMU's monitor; closed by {@link #close()}
     * @param timeout longest wait for one answer
     * @param events gets every event, on the reading thread: it must not block
     * @throws IOException if the monitor does not answer in time
     */
    public QmpClient(SocketChannel socket, Duration timeout, Consumer<JsonNode> events) throws IOException {
        this.socket = socket;
        this.timeout = timeout;
        this.events = events;
        Thread reader = new Thread(this::read, "vmrpc-qmp");
        reader.setDaemon(true);
        reader.start();
        await(greeting, "greeting");
        execute("qmp_capabilities");
    }

    /**
     * Connects to a monitor that listens ({@code -qmp unix:PATH,server=on,wait=off}). QEMU serves one client at a time.
     *
     * @param path of its Unix socket
     * @param timeout longest wait for one answer
     * @return to be closed, so that others can connect
     * @throws IOException in one sentence: what is wrong and what to do
     */
    public static QmpClient connect(Path path, Duration timeout) throws IOException {
        if (!Files.exists(path)) {
            throw new IOException("QMP socket " + path + " does not exist: start QEMU with -qmp unix:" + path + ",server=on,wait=off");
        }
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            connect(socket, path, timeout);
            return new QmpClient(socket, timeout, event -> { });
        } catch (IOException | IllegalArgumentException | TimeoutException e) {
            socket.close();
            boolean isBusy = e instanceof TimeoutException || e.getCause() instanceof TimeoutException;
            throw new IOException("QMP socket " + path + (isBusy ? " does not answer within " + timeout.toMillis() +
                    " ms: another client holds it (QEMU serves one at a time); close that one, or give QEMU a second -qmp" :
                    " cannot be used (" + e.getMessage() + "): it must be the -qmp unix:PATH,server=on socket of a QEMU that runs and that is yours"), e);
        }
    }

    /** A connection waits in the kernel, without a limit of its own, while QEMU's queue of waiting clients is full. */
    private static void connect(SocketChannel socket, Path path, Duration timeout) throws IOException, TimeoutException {
        CompletableFuture<Void> connected = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                socket.connect(UnixDomainSocketAddress.of(path));
                connected.complete(null);
            } catch (IOException | RuntimeException e) {
                connected.completeExceptionally(e);
            }
        }, "vmrpc-qmp-connect");
        thread.setDaemon(true);
        thread.start();
        try {
            connected.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * @param command name of a command without arguments
     * @return its answer
     * @throws IOException if QEMU refuses it, does not answer in time or is gone
     */
    public JsonNode execute(String command) throws IOException {
        return execute(command, Map.of());
    }

    /**
     * @param command name of the command
     * @param arguments as the QMP reference names them; values are what Jackson can write
     * @return the answer's "return"
     * @throws IOException if QEMU refuses it, does not answer in time or is gone
     */
    public JsonNode execute(String command, Map<String, ?> arguments) throws IOException {
        String id = Long.toString(nextId.incrementAndGet());
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        outstanding.put(id, answer);
        try {
            if (closed) {
                throw new IOException("QMP command " + command + ": QEMU has ended");
            }
            send(command, requestOf(command, arguments, id));
            JsonNode message = await(answer, command);
            if (message.has("error")) {
                throw new IOException("QMP command " + command + " failed: " + message.get("error").path("desc").asText());
            }
            return message.path("return");
        } finally {
            outstanding.remove(id);
        }
    }

    static String requestOf(String command, Map<String, ?> arguments, String id) throws JsonProcessingException {
        ObjectNode request = JSON.createObjectNode().put("execute", command);
        if (!arguments.isEmpty()) {
            request.set("arguments", JSON.valueToTree(arguments));
        }
        return JSON.writeValueAsString(request.put("id", id));
    }

    private synchronized void send(String command, String request) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(request + "\n");
        try {
            while (bytes.hasRemaining()) {
                socket.write(bytes);
            }
        } catch (IOException e) {
            throw new IOException("QMP command " + command + ": QEMU has ended", e);
        }
    }

    private JsonNode await(CompletableFuture<JsonNode> future, String what) throws IOException {
        try {
            return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException("QMP command " + what + ": no answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException("QMP command " + what + ": QEMU has ended", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for QMP command " + what, e);
        }
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(Channels.newReader(socket, StandardCharsets.UTF_8))) {
            for (String line; (line = lines.readLine()) != null;) {
                dispatch(JSON.readTree(line));
            }
            fail(new IOException("the monitor's socket has hung up"));
        } catch (IOException e) {
            fail(e);
        }
    }

    private void dispatch(JsonNode message) {
        if (message.has("QMP")) {
            greeting.complete(message);
        } else if (message.has("event")) {
            events.accept(message);
        } else {
            CompletableFuture<JsonNode> answer = outstanding.get(message.path("id").asText());
            if (answer != null) { // else it was given up
                answer.complete(message);
            }
        }
    }

    private void fail(IOException cause) {
        closed = true; // before the loop: who registers later sees it
        greeting.completeExceptionally(cause);
        outstanding.values().forEach(answer -> answer.completeExceptionally(cause));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
