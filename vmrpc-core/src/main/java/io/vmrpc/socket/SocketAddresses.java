package io.vmrpc.socket;

import static io.vmrpc.socket.SocketAddressDescriptor.BYTES;
import static io.vmrpc.socket.SocketAddressDescriptor.FAMILY;
import static io.vmrpc.socket.SocketAddressDescriptor.LENGTH;
import static io.vmrpc.socket.SocketAddressDescriptor.PORT;
import static io.vmrpc.socket.SocketAddressDescriptor.SCOPE;
import static io.vmrpc.socket.SocketProtocol.MAX_PATH;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Turns addresses into their form on the wire and back. Thread-safe: it keeps nothing. */
public final class SocketAddresses {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private SocketAddresses() {
    }

    /**
     * Writes an address.
     *
     * @param buffer to write to.
     * @param offset of the first byte; {@link SocketProtocol#MAX_ADDRESS} bytes must be free.
     * @param address of IPv4, IPv6 or a Unix socket; null for none.
     * @return bytes written.
     * @throws IllegalArgumentException if it is unresolved, of another kind, or its path is too long.
     */
    public static int put(final MutableDirectBuffer buffer, final int offset, final SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress unix) {
            return putPath(buffer, offset, unix.getPath().toString().getBytes(StandardCharsets.UTF_8));
        }
        buffer.setMemory(offset, LENGTH, (byte)0);
        if (address instanceof InetSocketAddress internet) {
            putInternet(buffer, offset, internet);
        } else if (address != null) {
            throw new IllegalArgumentException("address=" + address + " must be an InetSocketAddress or a UnixDomainSocketAddress");
        }
        return LENGTH;
    }

    private static void putInternet(final MutableDirectBuffer buffer, final int offset, final InetSocketAddress address) {
        final InetAddress host = address.getAddress();
        if (host == null) {
            throw new IllegalArgumentException("address=" + address + " is unresolved: look the name up on the host first");
        }
        final boolean isIpv6 = host instanceof Inet6Address;
        buffer.putShort(offset + FAMILY, (short)(isIpv6 ? SocketProtocol.FAMILY_IPV6 : SocketProtocol.FAMILY_IPV4), ORDER);
        buffer.putShort(offset + PORT, (short)address.getPort(), ORDER);
        buffer.putInt(offset + SCOPE, isIpv6 ? ((Inet6Address)host).getScopeId() : 0, ORDER);
        buffer.putBytes(offset + BYTES, host.getAddress());
    }

    private static int putPath(final MutableDirectBuffer buffer, final int offset, final byte[] path) {
        if (path.length > MAX_PATH) {
            throw new IllegalArgumentException("the path of a Unix socket has " + path.length + " bytes, at most " + MAX_PATH + " are possible");
        }
        final int length = length(SocketProtocol.FAMILY_UNIX, path.length);
        buffer.setMemory(offset, length, (byte)0);
        buffer.putShort(offset + FAMILY, (short)SocketProtocol.FAMILY_UNIX, ORDER);
        buffer.putShort(offset + PORT, (short)path.length, ORDER);
        buffer.putBytes(offset + BYTES, path);
        return length;
    }

    /**
     * How long an address on the wire is.
     *
     * @param buffer that holds its first 8 bytes.
     * @param offset of the first.
     * @return bytes; more than the buffer may hold if the address is malformed.
     */
    public static int length(final DirectBuffer buffer, final int offset) {
        return length(family(buffer, offset), port(buffer, offset));
    }

    private static int length(final int family, final int path) {
        return family == SocketProtocol.FAMILY_UNIX ? BYTES + (path + 7 & -8) : LENGTH;
    }

    /**
     * The family of an address on the wire.
     *
     * @param buffer that holds it.
     * @param offset of the first byte.
     * @return as it stands there, known or not.
     */
    public static int family(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset + FAMILY, ORDER) & 0xffff;
    }

    /**
     * The port of an address on the wire.
     *
     * @param buffer that holds it.
     * @param offset of the first byte.
     * @return 0 to 65535; of a Unix address the length of its path.
     */
    public static int port(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset + PORT, ORDER) & 0xffff;
    }

    /**
     * Turns an IPv4 address, where it stands, into the IPv4-mapped IPv6 address that an IPv6 socket takes.
     *
     * @param buffer that holds it.
     * @param offset of the first byte.
     */
    public static void map(final MutableDirectBuffer buffer, final int offset) {
        final int ipv4 = buffer.getInt(offset + BYTES);
        buffer.putShort(offset + FAMILY, (short)SocketProtocol.FAMILY_IPV6, ORDER);
        buffer.putLong(offset + BYTES, 0);
        buffer.putInt(offset + BYTES + 8, 0xffff_0000, ORDER);
        buffer.putInt(offset + BYTES + 12, ipv4);
    }

    /**
     * Reads an address that {@link #put} wrote or a peer sent.
     *
     * @param buffer that holds it.
     * @param offset of the first byte.
     * @param available bytes from there to the end of what was received.
     * @return the address; null for family 0.
     * @throws IllegalArgumentException if it is malformed: what is wrong.
     */
    public static SocketAddress get(final DirectBuffer buffer, final int offset, final int available) {
        if (available < BYTES || available < length(buffer, offset)) {
            throw new IllegalArgumentException("an address has " + available + " bytes and needs more");
        }
        final int family = family(buffer, offset);
        final int port = port(buffer, offset);
        try {
            return switch (family) {
                case SocketProtocol.FAMILY_NONE -> null;
                case SocketProtocol.FAMILY_IPV4 -> new InetSocketAddress(ipv4(buffer, offset), port);
                case SocketProtocol.FAMILY_IPV6 -> new InetSocketAddress(ipv6(buffer, offset), port);
                case SocketProtocol.FAMILY_UNIX -> UnixDomainSocketAddress.of(path(buffer, offset, port));
                default -> throw new IllegalArgumentException("family=" + family + " of an address must be 0 to 3");
            };
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException(e); // the length is right
        }
    }

    private static InetAddress ipv4(final DirectBuffer buffer, final int offset) throws UnknownHostException {
        final byte[] bytes = new byte[4];
        buffer.getBytes(offset + BYTES, bytes);
        return Inet4Address.getByAddress(bytes);
    }

    /** With its scope, and still IPv6 if it is an IPv4-mapped one. */
    private static InetAddress ipv6(final DirectBuffer buffer, final int offset) throws UnknownHostException {
        final byte[] bytes = new byte[16];
        buffer.getBytes(offset + BYTES, bytes);
        final int scope = buffer.getInt(offset + SCOPE, ORDER);
        return Inet6Address.getByAddress(null, bytes, scope == 0 ? -1 : scope);
    }

    private static Path path(final DirectBuffer buffer, final int offset, final int length) {
        if (length > MAX_PATH) {
            throw new IllegalArgumentException("the path of a Unix socket has " + length + " bytes, at most " + MAX_PATH + " are possible");
        }
        return Path.of(buffer.getStringWithoutLengthUtf8(offset + BYTES, length)); // refuses NUL with an IllegalArgumentException
    }
}
