package io.vmrpc.host.socket;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import io.vmrpc.socket.SocketProtocol;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.MutableDirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket of a guest. Registered edge-triggered, so that its interest in reading never has to be changed. In writing it is interested only while it waits for
 * that: the event of both at once is one that Netty allocates. Shard's thread only.
 */
abstract class HostSocket implements EpollIoHandle {
    private static final Logger LOG = LoggerFactory.getLogger(HostSocket.class);
    private static final EpollIoOps EDGES = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP).with(EpollIoOps.EPOLLET);
    private static final EpollIoOps EDGES_OF_BOTH = EDGES.with(EpollIoOps.EPOLLOUT);
    private static final int READABLE = EpollIoOps.EPOLLIN.value() | EpollIoOps.EPOLLRDHUP.value() | EpollIoOps.EPOLLERR.value() | 0x10; // EPOLLHUP
    private static final int WRITABLE = EpollIoOps.EPOLLOUT.value() | EpollIoOps.EPOLLERR.value() | 0x10;
    /** Records that one socket receives before the others get their turn. */
    static final int RECORDS_PER_TURN = 64;

    final SessionSockets owner;
    final int id;
    final int family;
    final Outbox outbox;
    /** Where events go; null while an accepted socket is not adopted. */
    EventStream stream;
    int channel = -1;
    /** Where the guest asked it to be bound, a wildcard and port 0 as they are; null if it did not ask. */
    SocketAddress boundTo;
    long window;
    boolean isReadable;
    boolean isStalled;
    boolean isThrottled;
    boolean isLookedAtAgain;
    private final FileDescriptor descriptor;
    private final Runnable resume = this::resume;
    private IoRegistration registration;
    private boolean awaitsWriting;
    private boolean awaitsAnswer;
    private int errno;
    private boolean isFatal;
    private boolean isBroken;
    private Path boundPath;
    private Withheld closing;

    HostSocket(final SessionSockets owner, final int id, final int family, final int fd, final long sendWindow) {
        this.owner = owner;
        this.id = id;
        this.family = family;
        descriptor = new FileDescriptor(fd);
        outbox = new Outbox(this, sendWindow);
    }

    abstract boolean isStream();

    /** Tells the rest of what has begun, and says whether another record may be begun. */
    abstract boolean finishLast();

    /** Takes from the descriptor what goes into one record. */
    abstract void receive(MutableDirectBuffer space);

    /** Moves what has arrived, as far as window, ring and rate allow, and says how many records. */
    int receive() {
        int count = 0;
        while (finishLast() && mayReceive()) {
            if (count == RECORDS_PER_TURN) {
                later();
                return count;
            }
            final MutableDirectBuffer space = stream.claim(this);
            if (space == null) {
                return count;
            }
            receive(space);
            if (isReadable) {
                count++;
                if (awaitsAnswer) {
                    awaitsAnswer = false;
                    finishLast(); // a datagram is the answer with its last record
                    owner.lookAgain(this);
                    return count;
                }
            }
        }
        return count;
    }

    /** The guest has sent something: what comes next may be the answer it waits for, to be told before this socket is asked for more. */
    final void awaitAnswer() {
        awaitsAnswer = true;
    }

    /** The descriptor became writable. */
    void onWritable() {
        outbox.flush();
    }

    final int number() {
        return descriptor.intValue();
    }

    final boolean isOpen() {
        return descriptor.isOpen();
    }

    @Override
    public final FileDescriptor fd() {
        return descriptor;
    }

    final void assign(final int newChannel, final EventStream newStream, final long newWindow) {
        channel = newChannel;
        stream = newStream;
        window = newWindow;
    }

    /** Into the loop's epoll, once. */
    final void register() throws SocketFailure {
        if (registration == null) {
            final Future<IoRegistration> future = owner.loop().register(this);
            if (!future.isSuccess()) {
                throw new SocketFailure(Errno.ENOBUFS, "the host cannot watch another descriptor: " + future.cause());
            }
            registration = future.getNow();
            registration.submit(awaitsWriting ? EDGES_OF_BOTH : EDGES);
        }
    }

    /** Whether {@link #onWritable} shall be called; an event comes also if the descriptor is writable already. */
    final void awaitWriting(final boolean wanted) {
        if (wanted != awaitsWriting) {
            awaitsWriting = wanted;
            if (registration != null && registration.isValid()) {
                registration.submit(wanted ? EDGES_OF_BOTH : EDGES);
            }
        }
    }

    @Override
    public final void handle(final IoRegistration from, final IoEvent event) {
        final int ready = ((EpollIoEvent)event).ops().value();
        if ((ready & WRITABLE) != 0 && isOpen()) {
            onWritable();
        }
        if ((ready & READABLE) != 0 && isOpen()) {
            isReadable = true;
            receive();
        }
    }

    /** Goes on after a stall, a credit or a pause. */
    final void resume() {
        if (isOpen() && tellError() && outbox.tell()) {
            outbox.flush();
            if (isOpen()) {
                receive();
            }
        } else if (!isOpen()) {
            tellError();
        }
    }

    /** Leaves the rest to a later turn of the loop. */
    final void later() {
        owner.loop().execute(resume);
    }

    final boolean mayReceive() {
        return isReadable && window > 0 && stream != null && isOpen() && owner.throttle().permits(this);
    }

    /** After a record of so many bytes of data was published. */
    final void received(final int length) {
        window -= length + SocketProtocol.RECORD_COST;
        owner.throttle().moved(length);
    }

    final void credit(final long amount) {
        window = Math.min(window + amount, Integer.MAX_VALUE);
        resume();
    }

    /** A failure that the guest has not asked for. */
    final void fail(final int newErrno, final boolean fatal) {
        if (isBroken) {
            return;
        }
        errno = newErrno;
        isFatal = fatal;
        isBroken = fatal;
        if (fatal) {
            release();
            outbox.discard();
        }
        tellError();
    }

    private boolean tellError() {
        if (errno == 0 || stream == null) {
            return true;
        }
        final MutableDirectBuffer space = stream.claim(this);
        if (space == null) {
            return false;
        }
        EventStream.head(space, id, SocketProtocol.EVENT_ERROR, 0);
        space.putInt(SocketProtocol.HEADER, errno, ByteOrder.LITTLE_ENDIAN);
        space.putInt(SocketProtocol.HEADER + 4, isFatal ? 1 : 0, ByteOrder.LITTLE_ENDIAN);
        stream.publish(SocketProtocol.HEADER + 8);
        errno = 0;
        return true;
    }

    /** The socket made a file; it goes when the socket does. */
    final void ownsPath(final Path path) {
        boundPath = path;
    }

    /** CLOSE: at once, or when the backlog is out; then `request` is completed. */
    final void closeWhenSent(final Withheld request) {
        if (outbox.isEmpty() || !isOpen()) {
            close();
            request.complete();
        } else {
            closing = request;
            window = 0;
            owner.closeLater(this);
        }
    }

    /** The backlog is out. */
    void onSent() {
        if (closing != null) {
            close();
        }
    }

    /** ABORT: what was not sent is dropped, and a TCP peer sees a reset. */
    final void abort() {
        if (isOpen() && isStream()) {
            Native.vmrpc_socket_set(number(), family, SocketProtocol.SO_LINGER, 0);
        }
        close();
    }

    /** Ends the socket and forgets its id. */
    @Override
    public void close() {
        release();
        outbox.discard();
        if (boundPath != null) {
            remove(boundPath);
            boundPath = null;
        }
        if (owner.forget(this) && closing != null && closing.isOutstanding()) {
            closing.complete();
        }
    }

    private static void remove(final Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (final IOException e) {
            LOG.warn("socket {}: cannot be removed ({}): remove it by hand", path, e.getMessage());
        }
    }

    private void release() {
        if (registration != null && registration.isValid()) {
            registration.cancel();
        }
        if (descriptor.isOpen()) {
            dropLinger();
            try {
                descriptor.close();
            } catch (final IOException e) {
                LOG.debug("close(2) of a guest's socket: {}", e.getMessage()); // the descriptor is gone all the same
            }
        }
    }

    /** With SO_LINGER close(2) waits, also for a socket that does not block (socket(7)), and the loop is all guests'. 0 is kept: a reset. */
    private void dropLinger() {
        try {
            if (isStream() && owner.option(this, SocketProtocol.SO_LINGER) > 0) {
                Native.vmrpc_socket_set(number(), family, SocketProtocol.SO_LINGER, -1);
            }
        } catch (final SocketFailure e) {
            LOG.debug("SO_LINGER of a guest's socket: {}", e.getMessage());
        }
    }

    /** -EAGAIN is no failure. */
    static boolean isAgain(final long result) {
        return result == -Errno.EAGAIN;
    }
}
