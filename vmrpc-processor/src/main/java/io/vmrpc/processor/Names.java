package io.vmrpc.processor;

import com.palantir.javapoet.ClassName;
import java.util.Locale;

/** Classes that generated code refers to, and names made from others. */
final class Names {
    static final String RPC = "io.vmrpc.rpc";
    static final ClassName SERVICE_DESCRIPTOR = ClassName.get(RPC + ".schema", "ServiceDescriptor");
    static final ClassName METHOD_DESCRIPTOR = ClassName.get(RPC + ".schema", "MethodDescriptor");
    static final ClassName WRITER = ClassName.get(RPC + ".wire", "WireWriter");
    static final ClassName READER = ClassName.get(RPC + ".wire", "WireReader");
    static final ClassName STUB = ClassName.get(RPC, "RpcStub");
    static final ClassName CHANNEL = ClassName.get(RPC, "RpcChannel");
    static final ClassName OPTIONS = ClassName.get(RPC, "CallOptions");
    static final ClassName EXCEPTION = ClassName.get(RPC, "RpcException");
    static final ClassName LONG_POLL = ClassName.get(RPC, "LongPoll");
    static final ClassName PUBLISHER = ClassName.get(RPC, "EventPublisher");
    static final ClassName TRANSPORT = ClassName.get(RPC + ".stub", "StubTransport");
    static final ClassName FAILURES = ClassName.get(RPC + ".stub", "FailureDecoder");
    static final ClassName DISPATCHER = ClassName.get(RPC + ".stub", "ServiceDispatcher");
    static final ClassName HOST_CALL = ClassName.get(RPC + ".stub", "HostCall");
    static final ClassName DIRECT_BUFFER = ClassName.get("org.agrona", "DirectBuffer");
    static final ClassName UNSAFE_BUFFER = ClassName.get("org.agrona.concurrent", "UnsafeBuffer");

    private Names() {
    }

    /** {@code nextSample} becomes {@code NEXT_SAMPLE}. */
    static String constant(final String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }

    /** {@code nextSample} becomes {@code NextSample}. */
    static String capitalised(final String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}
