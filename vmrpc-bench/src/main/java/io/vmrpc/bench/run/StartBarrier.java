package io.vmrpc.bench.run;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agrona.CloseHelper;

/**
 * Where the programs of several VMs agree on a window of time: the host's end of native/evaluation/window.h. Each program has a place of
 * its own, at the host's address towards its VM; it asks for this process's time as often as it likes and says when it is ready. When all
 * are, each is told begin and end.
 */
final class StartBarrier implements AutoCloseable {
    private static final int ASK_TIME = 't';
    private static final int READY = 'r';
    /** From the last program's word that it is ready until the window begins: so much does the word need to come everywhere. */
    private static final long LEAD_NS = 60_000_000;
    private static final int LONGEST_SECONDS = 60;
    private final List<ServerSocket> places = new ArrayList<>();
    private final CompletableFuture<Long> begin = new CompletableFuture<>();
    private final CyclicBarrier ready;
    private final long lengthNs;

    /** One place at each address. */
    StartBarrier(final List<String> addresses, final double seconds) throws IOException {
        lengthNs = (long)(seconds * 1e9);
        ready = new CyclicBarrier(addresses.size(), () -> begin.complete(System.nanoTime() + LEAD_NS));
        try {
            for (final String address : addresses) {
                final ServerSocket place = new ServerSocket(0, 1, InetAddress.getByName(address));
                place.setSoTimeout(LONGEST_SECONDS * 1_000);
                places.add(place);
                final Thread thread = new Thread(() -> serve(place), "bench-barrier");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (final IOException e) {
            close();
            throw e;
        }
    }

    /** What the program of that place is told on its command line. */
    String words(final int place) {
        return "join " + places.get(place).getInetAddress().getHostAddress() + " " + places.get(place).getLocalPort();
    }

    private void serve(final ServerSocket place) {
        try (Socket socket = place.accept()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(LONGEST_SECONDS * 1_000);
            final DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            int word = socket.getInputStream().read();
            for (; word == ASK_TIME; word = socket.getInputStream().read()) {
                out.writeLong(System.nanoTime());
            }
            if (word != READY) {
                throw new IOException("a program ended before it was ready to measure");
            }
            ready.await(LONGEST_SECONDS, TimeUnit.SECONDS);
            out.writeLong(begin.join());
            out.writeLong(begin.join() + lengthNs);
        } catch (final IOException | BrokenBarrierException | TimeoutException e) {
            fail(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        }
    }

    /** Whoever waits for the begin gets this instead. */
    void fail(final Throwable reason) {
        begin.completeExceptionally(reason);
        ready.reset();
    }

    /** When the window begins, by {@link System#nanoTime}; waits until that is known. */
    CompletableFuture<Long> begin() {
        return begin;
    }

    long lengthNs() {
        return lengthNs;
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(places);
        ready.reset();
    }
}
