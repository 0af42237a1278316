package io.vmrpc.host.socket;

import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketAddresses;
import io.vmrpc.socket.SocketProtocol;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Takes connections of a listening socket, as far as the guest wants them. */
final class Acceptor {
    private static final int RETRY_MS = 100;
    private final StreamSocket listener;

    Acceptor(final StreamSocket listener) {
        this.listener = listener;
    }

    /** Takes connections that wait, and says how many. */
    int accept() {
        int count = 0;
        while (listener.mayReceive()) {
            if (count == HostSocket.RECORDS_PER_TURN) {
                listener.later();
                return count;
            }
            if (listener.owner.isFull()) {
                listener.owner.refuseSocket();
                retryLater(); // the connections wait in the kernel's queue
                return count;
            }
            final MutableDirectBuffer space = listener.stream.claim(listener);
            if (space == null) {
                return count;
            }
            final int fd = Native.vmrpc_socket_accept(listener.number(), listener.owner.scratch().addressPointer());
            if (fd >= 0) {
                admit(fd, space);
            } else if (HostSocket.isAgain(fd)) {
                listener.isReadable = false;
                return count;
            } else if (fd == -Errno.EMFILE || fd == -Errno.ENFILE) {
                retryLater();
                return count;
            } // else the connection died in the queue: the next one
            count++;
        }
        return count;
    }

    private void retryLater() {
        listener.owner.loop().schedule(listener::resume, RETRY_MS, TimeUnit.MILLISECONDS);
    }

    private void admit(final int fd, final MutableDirectBuffer space) {
        final SessionSockets owner = listener.owner;
        final UnsafeBuffer peer = owner.scratch().address();
        final UnsafeBuffer local = owner.scratch().second();
        Native.vmrpc_socket_name(fd, 0, local.addressOffset());
        if (!owner.mayConnect(listener, peer)) {
            Native.vmrpc_close(fd);
            return;
        }
        final int id = owner.adoptable(listener.family, fd);
        EventStream.head(space, listener.id, SocketProtocol.EVENT_ACCEPTED, 0);
        space.putInt(SocketProtocol.HEADER, id, ByteOrder.LITTLE_ENDIAN);
        space.putInt(SocketProtocol.HEADER + 4, 0, ByteOrder.LITTLE_ENDIAN);
        int length = 2 * SocketProtocol.HEADER;
        length += put(space, length, peer);
        length += put(space, length, local);
        listener.stream.publish(length);
        listener.window--;
        owner.throttle().moved(0);
    }

    /** A Unix path that the record cannot carry is left out. */
    private static int put(final MutableDirectBuffer space, final int offset, final UnsafeBuffer address) {
        final int length = SocketAddresses.length(address, 0);
        if (offset + length + SocketAddressDescriptor.LENGTH > space.capacity() && length > SocketAddressDescriptor.LENGTH) {
            return SocketAddresses.put(space, offset, null);
        }
        space.putBytes(offset, address, 0, length);
        return length;
    }
}
