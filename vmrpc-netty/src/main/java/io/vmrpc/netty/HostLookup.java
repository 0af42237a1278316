package io.vmrpc.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** A name that a loop has the host look up. Registered there, as channels are, it learns of the loop's end. The loop's thread's. */
final class HostLookup implements VmrpcIoHandle {
    private final String name;
    private final long timeoutNs;
    private final Promise<List<InetAddress>> promise;
    private IoRegistration registration;

    HostLookup(final String name, final long timeoutNs, final Promise<List<InetAddress>> promise) {
        this.name = name;
        this.timeoutNs = timeoutNs;
        this.promise = promise;
    }

    /** Any thread. */
    void begin(final IoEventLoop loop) {
        loop.register(this).addListener((FutureListener<IoRegistration>)registered -> {
            if (registered.isSuccess()) {
                registration = registered.getNow();
                ask();
            } else {
                promise.tryFailure(registered.cause());
            }
        });
    }

    private void ask() {
        if (promise.isDone()) { // the loop has ended between the two, or nobody wants to know any more
            registration.cancel();
            return;
        }
        final VmrpcRegistration at = registration.attachment();
        try {
            at.sockets().lookupAsync(name, System.nanoTime() + timeoutNs).whenComplete(this::end);
        } catch (final IOException e) {
            end(null, e);
        }
    }

    private void end(final List<InetAddress> found, final Throwable failure) {
        if (registration != null) {
            registration.cancel();
        }
        if (failure == null) {
            promise.trySuccess(found);
        } else {
            promise.tryFailure(failure);
        }
    }

    @Override
    public void handle(final IoRegistration of, final IoEvent event) {
        throw new IllegalStateException("event=" + event + " of a lookup, which has no socket");
    }

    /** The loop ends. */
    @Override
    public void close() {
        end(null, new UnknownHostException(name + ": the event loop was shut down before the host answered"));
    }
}
