package io.vmrpc.system.guest;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** A gRPC service and its client; either may be in the guest. Messages are bytes as they are. */
public final class GrpcEcho {
    private static final int SECONDS = 60;
    private static final int CALLS = 20;
    private static final int MESSAGES = 200;
    /** More than gRPC's window of a connection (1 MiB), HTTP/2's first one (64 KiB) and that of a socket of the host (256 KiB). */
    private static final int LARGE = 1_500_000;
    private static final MethodDescriptor<byte[], byte[]> ECHO = method("echo.Echo/Echo", MethodType.UNARY);
    private static final MethodDescriptor<byte[], byte[]> SUFFIXES = method("echo.Echo/Suffixes", MethodType.SERVER_STREAMING);

    private GrpcEcho() {}

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
        return MethodDescriptor.newBuilder(new Bytes(), new Bytes()).setFullMethodName(name).setType(type).build();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** {@return the service: {@code Echo} sends the request back, {@code Suffixes} all that is left of it when the first byte goes, and so on} */
    public static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("echo.Echo").addMethod(ECHO, ServerCalls.<byte[], byte[]>asyncUnaryCall((request, answers) -> {
            answers.onNext(request);
            answers.onCompleted();
        })).addMethod(SUFFIXES, ServerCalls.<byte[], byte[]>asyncServerStreamingCall(GrpcEcho::suffixes)).build();
    }

    private static void suffixes(byte[] request, StreamObserver<byte[]> answers) {
        for (int from = 1; from <= request.length; from++) {
            answers.onNext(Arrays.copyOfRange(request, from, request.length));
        }
        answers.onCompleted();
    }

    /**
     * Calls the service in each way.
     *
     * @param channel to a server of it
     * @return what came back whole, for the test to compare
     */
    public static String call(Channel channel) {
        for (int i = 0; i < CALLS; i++) {
            echo(channel, i * 1000);
        }
        int streamed = 0;
        Iterator<byte[]> answers = ClientCalls.blockingServerStreamingCall(channel, SUFFIXES, options(), bytes(MESSAGES));
        for (; answers.hasNext(); streamed++) {
            byte[] whole = bytes(MESSAGES);
            expect(Arrays.copyOfRange(whole, streamed + 1, whole.length), answers.next());
        }
        echo(channel, LARGE);
        return "calls=" + CALLS + " streamed=" + streamed + " large=" + LARGE;
    }

    private static CallOptions options() {
        return CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
    }

    private static void echo(Channel channel, int length) {
        byte[] sent = bytes(length);
        expect(sent, ClientCalls.blockingUnaryCall(channel, ECHO, options(), sent));
    }

    private static void expect(byte[] expected, byte[] came) {
        if (!Arrays.equals(expected, came)) {
            throw new IllegalStateException("of " + expected.length + " bytes came " + came.length + ", or others");
        }
    }

    /** {@return so many bytes, of which none of the first 251 is like the one before} */
    public static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return bytes;
    }
}
