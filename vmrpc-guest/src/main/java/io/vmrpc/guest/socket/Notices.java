package io.vmrpc.guest.socket;

/** What a socket's listener is still to be told. The owner's. */
final class Notices {
    /** In the order in which they are told. */
    static final int CONNECTED = 1;
    static final int CONNECT_FAILED = 2;
    static final int ACCEPTABLE = 4;
    static final int READABLE = 8;
    static final int WRITABLE = 16;
    static final int CLOSED = 32;
    private final VmSocket socket;
    private SocketListener listener;
    private int due;

    Notices(final VmSocket socket) {
        this.socket = socket;
    }

    void listener(final SocketListener newListener) {
        listener = newListener;
    }

    void signal(final int what) {
        if (listener != null && what != 0) {
            if (due == 0) {
                socket.loop.ready(socket);
            }
            due |= what;
        }
    }

    /** Calls the listener. What it throws leaves the rest for another time. */
    void tell() {
        int now = due;
        due = 0; // a callback may cause others: for the next time
        while (now != 0 && listener != null) {
            final int what = Integer.lowestOneBit(now);
            now ^= what;
            try {
                tell(what);
            } catch (final RuntimeException | Error e) {
                signal(now);
                throw e;
            }
        }
    }

    private void tell(final int what) {
        final boolean isOpen = socket.isOpen();
        if (what == CLOSED) {
            final SocketListener told = listener;
            listener = null; // once
            told.onClosed(isOpen ? socket.failures.fatal() : null);
        } else if (isOpen) {
            tellOpen(what);
        }
    }

    private void tellOpen(final int what) {
        switch (what) {
            case CONNECTED -> listener.onConnected();
            case CONNECT_FAILED -> listener.onConnectFailed(socket.connectFailure());
            case ACCEPTABLE -> listener.onAcceptable();
            case READABLE -> listener.onReadable();
            case WRITABLE -> listener.onWritable();
            default -> throw new IllegalStateException("what=" + what);
        }
    }
}
