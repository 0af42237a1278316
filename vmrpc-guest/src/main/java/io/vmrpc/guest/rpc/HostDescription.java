package io.vmrpc.guest.rpc;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.vmrpc.error.Status;
import io.vmrpc.guest.Channel;
import io.vmrpc.layout.Protocol;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.schema.Compatibility;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.schema.ServiceDescriptor;
import io.vmrpc.rpc.wire.RpcProtocol;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.collections.IntHashSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the host says of a service.
 *
 * @param number in this session.
 * @param limit bytes of arguments that a call may have.
 * @param service the host's methods.
 */
record HostDescription(int number, int limit, ServiceDescriptor service) {

    static HostDescription fetch(final GuestRpc rpc, final String name, final int version) {
        final String wireName = name + "@" + version;
        final int number = rpc.resolve(wireName);
        if (number < 0) {
            throw new RpcException(Status.NOT_FOUND, "the host offers no service " + wireName +
                otherVersions(rpc, name, version) + ": check name and version, or register it there with AgentContext.service(RpcService.of(...))");
        }
        final String[] lines = text(rpc.channel(), number).split("\n");
        try {
            return new HostDescription(number, Integer.parseInt(lines[0]),
                ServiceDescriptor.of(name, version, Arrays.copyOfRange(lines, 1, lines.length)));
        } catch (final IllegalArgumentException e) {
            throw new RpcException(Status.FAILED_PRECONDITION, "the host's description of " + wireName + " cannot be read (" + e.getMessage() +
                "): use the same release of VMRPC in guest and host");
        }
    }

    /** Most likely it is a neighbour. */
    private static String otherVersions(final GuestRpc rpc, final String name, final int version) {
        final StringBuilder found = new StringBuilder();
        for (int other = Math.max(1, version - 3); other <= version + 3; other++) {
            if (rpc.resolve(name + "@" + other) >= 0) {
                found.append(found.isEmpty() ? ", but version " : ", ").append(other);
            }
        }
        return found.toString();
    }

    private static String text(final Channel channel, final int number) {
        final UnsafeBuffer request = new UnsafeBuffer(new byte[Integer.BYTES]);
        final UnsafeBuffer reply = new UnsafeBuffer(new byte[channel.payloadCapacity()]);
        byte[] text = {};
        int got = 0;
        do {
            request.putInt(0, got, LITTLE_ENDIAN);
            final int length = channel.call(Protocol.operation(number, RpcProtocol.METHOD_DESCRIBE), request, 0, Integer.BYTES, reply);
            text = Arrays.copyOf(text, reply.getInt(0, LITTLE_ENDIAN));
            reply.getBytes(Integer.BYTES, text, got, length - Integer.BYTES);
            got += length - Integer.BYTES;
        } while (got < text.length);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Throws if the guest's understanding of a method differs from the host's. */
    void check(final ServiceDescriptor guest) {
        for (final MethodDescriptor method : guest.methods()) {
            final MethodDescriptor other = service.byId(method.id());
            final String difference = other == null ? null : Compatibility.difference(method, other);
            if (difference != null) {
                throw new RpcException(Status.FAILED_PRECONDITION, "guest and host differ in method " + method + ": " + difference +
                    "; compile both from the same interface, or give the changed one a new version");
            }
        }
    }

    /** Numbers of the guest's methods that the host does not have. */
    IntHashSet missing(final ServiceDescriptor guest) {
        final IntHashSet missing = new IntHashSet();
        guest.methods().stream().filter(method -> service.byId(method.id()) == null).forEach(method -> missing.add(method.id()));
        return missing;
    }
}
