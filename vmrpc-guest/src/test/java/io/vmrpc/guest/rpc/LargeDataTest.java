package io.vmrpc.guest.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.Status;
import io.vmrpc.host.rpc.RpcService;
import io.vmrpc.layout.Geometry;
import io.vmrpc.rpc.RpcException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Arguments and results longer than a record and than a ring. */
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeDataTest {
    @TempDir
    Path folder;
    private final EverythingService host = new EverythingService();
    private RpcLoopback loopback;
    private EverythingStub stub;

    private void open(final Geometry geometry, final int limit) throws IOException {
        loopback = new RpcLoopback(folder, geometry, RpcService.of(EverythingDispatcher.of(host)).maxMessageBytes(limit));
        stub = EverythingStub.of(loopback.rpc);
    }

    @AfterEach
    void close() {
        CloseHelper.close(loopback);
    }

    private static byte[] bytes(final int length) {
        final byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private void comeBack(final int length) {
        final byte[] bytes = bytes(length);
        final DirectBuffer echoed = stub.echo(1, new UnsafeBuffer(bytes));
        assertEquals(length, echoed.capacity());
        final byte[] returned = new byte[length];
        echoed.getBytes(0, returned);
        assertArrayEquals(bytes, returned, "length=" + length);
        assertArrayEquals(bytes, stub.reverse(stub.reverse(bytes)));
        long sum = 0;
        for (final byte each : bytes) {
            sum += each;
        }
        assertEquals(sum, stub.sum(new UnsafeBuffer(bytes)));
    }

    @Test
    void allLengthsAroundARecordAndARing() throws IOException {
        open(RpcLoopback.SMALL, RpcService.DEFAULT_MAX_MESSAGE);
        for (int length = 230; length < 270; length++) {
            comeBack(length);
        }
        for (final int length : new int[]{0, 1, 4000, 4096, 5000, 70_000, 1 << 20}) {
            comeBack(length);
        }
    }

    @Test
    void megabytesThroughLargeRecords() throws IOException {
        open(RpcLoopback.LARGE, RpcService.DEFAULT_MAX_MESSAGE);
        for (int i = 0; i < 20; i++) {
            comeBack((1 << 20) - i);
        }
    }

    @Test
    void textsListsAndStages() throws Exception {
        open(RpcLoopback.SMALL, RpcService.DEFAULT_MAX_MESSAGE);
        final List<String> words = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            words.add("word " + i);
        }
        assertEquals(String.join("; ", words), stub.join(words, Optional.of("; ")));
        final String text = "ä".repeat(100_000);
        assertEquals(text + "!", loopback.rpc.join(stub.later(text)));
        final CompletionStage<byte[]> stage = stub.nextBytes(1);
        stub.nothing();
        new Thread(() -> host.bytePolls.get(1).complete(bytes(50_000))).start();
        assertArrayEquals(bytes(50_000), loopback.rpc.join(stage));
    }

    @Test
    void streamsOfSeveralCallsShareTheRing() throws IOException {
        open(RpcLoopback.SMALL, RpcService.DEFAULT_MAX_MESSAGE);
        final List<CompletionStage<String>> stages = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            stages.add(stub.later(("" + i).repeat(20_000)));
        }
        for (int i = 0; i < 8; i++) {
            assertEquals(("" + i).repeat(20_000) + "!", loopback.rpc.join(stages.get(i)));
        }
    }

    @Test
    void hostsLimitIsKeptInBothDirections() throws IOException {
        open(RpcLoopback.SMALL, 2000);
        final int fitting = 2000 - 10; // u16 block, the int, the slot
        assertEquals(fitting, stub.echo(1, new UnsafeBuffer(new byte[fitting])).capacity());
        final RpcException exceeds = assertThrows(RpcException.class, () -> stub.echo(1, new UnsafeBuffer(new byte[fitting + 1])));
        assertEquals(Status.RESOURCE_EXHAUSTED, exceeds.status());
        assertTrue(exceeds.getMessage().contains("2001 bytes, but the host takes 2000"), exceeds.getMessage());
        final RpcException result = assertThrows(RpcException.class, () -> stub.twice("x".repeat(1500)));
        assertEquals(Status.RESOURCE_EXHAUSTED, result.status());
        assertTrue(result.getMessage().contains("everything@1.twice"), result.getMessage());
        assertEquals(3, stub.add(1, 2));
    }
}
