package io.vmrpc.host.qmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class QmpClientTest {
    private final List<String> received = Collections.synchronizedList(new ArrayList<>());
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private ServerSocketChannel listener;
    private SocketChannel client;
    private SocketChannel monitor;

    @BeforeEach
    void connect(@TempDir Path folder) throws IOException {
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(folder.resolve("qmp")));
        client = SocketChannel.open(listener.getLocalAddress());
        monitor = listener.accept();
    }

    @AfterEach
    void close() throws IOException {
        monitor.close();
        client.close();
        listener.close();
    }

    /** A monitor that sends the greeting, then one prepared answer for each command; an empty one is no answer. */
    private QmpClient against(String... answers) throws IOException {
        Thread thread = new Thread(() -> {
            try (BufferedReader in = new BufferedReader(Channels.newReader(monitor, StandardCharsets.UTF_8))) {
                send("{\"QMP\": {\"version\": {}, \"capabilities\": []}}");
                in.readLine();
                send("{\"return\": {}, \"id\": \"1\"}");
                for (String answer : answers) {
                    received.add(in.readLine());
                    send(answer);
                }
                in.readLine();
            } catch (IOException e) {
                // the test has ended
            }
        });
        thread.setDaemon(true);
        thread.start();
        return new QmpClient(client, Duration.ofMillis(500), event -> events.add(event.path("event").asText()));
    }

    private void send(String lines) throws IOException {
        monitor.write(StandardCharsets.UTF_8.encode(lines.isEmpty() ? "" : lines + "\r\n"));
    }

    @Test
    void anAnswerFindsItsCommandPastEvents() throws IOException {
        QmpClient qmp = against("{\"event\": \"STOP\"}\n{\"return\": 9, \"id\": \"77\"}\n{\"return\": {\"running\": true}, \"id\": \"2\"}");
        assertTrue(qmp.execute("query-status", Map.of("a", 1)).path("running").asBoolean());
        assertEquals(List.of("STOP"), events);
        assertEquals(List.of("{\"execute\":\"query-status\",\"arguments\":{\"a\":1},\"id\":\"2\"}"), received);
    }

    @Test
    void aRefusalCarriesQemusWords() throws IOException {
        QmpClient qmp = against("{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"no such thing\"}, \"id\": \"2\"}");
        IOException error = assertThrows(IOException.class, () -> qmp.execute("nonsense"));
        assertEquals("QMP command nonsense failed: no such thing", error.getMessage());
    }

    @Test
    void silenceEndsWithATimeoutAndALateAnswerIsDropped() throws IOException {
        QmpClient qmp = against("", "{\"return\": 1, \"id\": \"2\"}\n{\"return\": 2, \"id\": \"3\"}");
        IOException error = assertThrows(IOException.class, () -> qmp.execute("stop"));
        assertEquals("QMP command stop: no answer within 500 ms", error.getMessage());
        assertEquals(2, qmp.execute("cont").asInt());
    }

    @Test
    void aHangUpIsToldToWhoWaitsAndToWhoComesLater() throws IOException {
        QmpClient qmp = against();
        monitor.close();
        assertTrue(assertThrows(IOException.class, () -> qmp.execute("stop")).getMessage().contains("stop"));
        assertTrue(assertThrows(IOException.class, () -> qmp.execute("cont")).getMessage().contains("cont"));
    }
}
