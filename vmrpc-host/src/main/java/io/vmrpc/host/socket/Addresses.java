package io.vmrpc.host.socket;

import static io.vmrpc.socket.SocketAddressDescriptor.BYTES;
import static io.vmrpc.socket.SocketProtocol.FAMILY_IPV4;
import static io.vmrpc.socket.SocketProtocol.FAMILY_IPV6;
import static io.vmrpc.socket.SocketProtocol.FAMILY_UNIX;
import static io.vmrpc.socket.SocketProtocol.MAX_ADDRESS;

import io.vmrpc.natives.Errno;
import io.vmrpc.socket.SocketAddresses;
import io.vmrpc.socket.SocketProtocol;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Addresses from guests, made fit for system calls. */
final class Addresses {
    private Addresses() {
    }

    /**
     * Copies an address into memory outside the heap and checks it; an IPv6 socket takes an IPv4 address in its mapped form.
     *
     * @return `out`.
     */
    static UnsafeBuffer forSocket(final int family, final DirectBuffer from, final int offset, final int available, final UnsafeBuffer out)
        throws SocketFailure {
        if (available < BYTES || available < SocketAddresses.length(from, offset) ||
            SocketAddresses.family(from, offset) == FAMILY_UNIX && SocketAddresses.port(from, offset) > SocketProtocol.MAX_PATH) {
            throw SocketFailure.malformed("an address is cut short or too long");
        }
        out.setMemory(0, MAX_ADDRESS, (byte)0);
        out.putBytes(0, from, offset, SocketAddresses.length(from, offset));
        final int given = SocketAddresses.family(out, 0);
        if (given == FAMILY_IPV4 && family == FAMILY_IPV6) {
            SocketAddresses.map(out, 0);
        } else if (given != family) {
            throw new SocketFailure(Errno.EAFNOSUPPORT, "an address of family " + given + " is not for a socket of family " + family);
        }
        return out;
    }

    /** All addresses and a free port. */
    static SocketAddress anyPort(final int family) throws SocketFailure {
        if (family == FAMILY_UNIX) {
            throw SocketFailure.malformed("a Unix socket must be bound before it listens");
        }
        return new InetSocketAddress(family == FAMILY_IPV6 ? "::" : "0.0.0.0", 0);
    }

    static Path path(final DirectBuffer address) {
        return Path.of(address.getStringWithoutLengthUtf8(BYTES, SocketAddresses.port(address, 0)));
    }
}
