package io.vmrpc.guest.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.guest.Channel;
import io.vmrpc.host.rpc.RpcService;
import io.vmrpc.layout.Protocol;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.wire.RpcProtocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.agrona.concurrent.UnsafeBuffer;

/** Whatever bytes a guest sends to a typed service: a clean status, and the service goes on for it and for others. */
class HostileGuestProperties {
    /** What bytes can lead to; INTERNAL would be a failure of the host's own code. */
    private static final Set<Status> CLEAN = EnumSet.of(Status.INVALID_ARGUMENT, Status.UNIMPLEMENTED, Status.RESOURCE_EXHAUSTED, Status.UNKNOWN,
        Status.DEADLINE_EXCEEDED);
    private static final List<MethodDescriptor> METHODS = EverythingCodec.SERVICE.methods();
    private static RpcLoopback loopback;
    private static EverythingStub stub;
    private static int service;
    private static Path folder;

    @BeforeContainer
    static void open() throws IOException {
        folder = Files.createTempDirectory("hostile");
        loopback = new RpcLoopback(folder, RpcLoopback.SMALL, RpcService.of(EverythingDispatcher.of(new EverythingService())).maxMessageBytes(4096));
        stub = EverythingStub.of(loopback.rpc);
        service = loopback.guest.resolve("everything@1");
    }

    @AfterContainer
    static void close() throws IOException {
        loopback.close();
        Files.deleteIfExists(folder.resolve("region"));
        Files.deleteIfExists(folder.resolve("region.sock"));
        Files.delete(folder);
    }

    private static boolean isAnsweredAtOnce(final int method) {
        return METHODS.stream().noneMatch(each -> each.id() == method && Set.of("later", "next", "nextBytes", "fail").contains(each.name()));
    }

    private static void check(final int method, final byte[] bytes) {
        if (!isAnsweredAtOnce(method)) {
            return;
        }
        final UnsafeBuffer request = new UnsafeBuffer(bytes);
        final Channel channel = loopback.rpc.channel();
        try {
            channel.call(Protocol.operation(service, method), request, 0, bytes.length, new UnsafeBuffer(new byte[channel.payloadCapacity()]), 0,
                System.nanoTime() + 5_000_000_000L);
        } catch (final StatusException e) {
            assertTrue(CLEAN.contains(e.status()), () -> "method " + method + ": " + e.getMessage());
        }
        assertEquals(3, stub.add(1, 2));
        assertEquals(0, loopback.agent.counters().get(0).violations().get());
        assertEquals(0, loopback.agent.counters().get(0).serviceFailures().get());
    }

    @Property(tries = 1500)
    void randomBytesToAnyMethod(@ForAll @IntRange(min = 0, max = 21) final int index, @ForAll @Size(max = 256) final byte[] bytes) {
        check(METHODS.get(index).id(), bytes);
    }

    /** Random bytes seldom pass the header. */
    @Property(tries = 1500)
    void randomArgumentsToAnyMethod(@ForAll @IntRange(min = 0, max = 21) final int index, @ForAll @IntRange(min = 0, max = 60) final int block,
        @ForAll @Size(max = 200) final byte[] bytes) {
        final UnsafeBuffer request = new UnsafeBuffer(new byte[4 + bytes.length]);
        request.putShort(2, (short)block);
        request.putBytes(4, bytes);
        check(METHODS.get(index).id(), request.byteArray());
    }

    @Property(tries = 500)
    void randomBytesToTheServicesOwnMethods(@ForAll @IntRange(min = RpcProtocol.METHOD_LIMIT, max = 0xffff) final int method,
        @ForAll @Size(max = 256) final byte[] bytes) {
        check(method, bytes);
    }

    /** A reply may then come in parts. */
    @Property(tries = 500)
    void randomArgumentsOfRequestsThatSubscribe(@ForAll @IntRange(min = 0, max = 19) final int index, @ForAll @IntRange(min = 0, max = 60) final int block,
        @ForAll @Size(max = 200) final byte[] bytes) {
        final UnsafeBuffer request = new UnsafeBuffer(new byte[4 + bytes.length]);
        request.putShort(2, (short)block);
        request.putBytes(4, bytes);
        if (isAnsweredAtOnce(METHODS.get(index).id())) {
            final ReplyBuffer reply = new ReplyBuffer(256);
            reply.begin(METHODS.get(index));
            loopback.rpc.channel().call(Protocol.operation(service, METHODS.get(index).id()), Protocol.SUBMIT_SUBSCRIBE, System.nanoTime() + 5_000_000_000L,
                request, request.capacity(), request, 0, 0, reply);
            assertTrue(!(reply.failure() instanceof RpcException failure) || CLEAN.contains(failure.status()), () -> "" + reply.failure());
            assertEquals(3, stub.add(1, 2));
        }
    }

    @Property(tries = 300)
    void chunksOfAnyOrderAndLength(@ForAll @Size(max = 8) final List<@IntRange(min = -10, max = 600) Integer> offsets,
        @ForAll @IntRange(min = 0, max = 248) final int size, @ForAll @IntRange(min = -5, max = 5000) final int total) {
        final UnsafeBuffer chunk = new UnsafeBuffer(new byte[8 + size]);
        for (final int offset : offsets) {
            chunk.putInt(0, Math.floorMod(offset, 3) / 2 * offset); // the same transfer, or one of many
            chunk.putInt(4, offset);
            check(RpcProtocol.METHOD_CHUNK, chunk.byteArray());
        }
        final UnsafeBuffer request = new UnsafeBuffer(new byte[10]);
        request.putShort(0, (short)RpcProtocol.FLAG_CHUNKED);
        request.putInt(6, total);
        check(METHODS.get(5).id(), request.byteArray());
    }
}
