package io.vmrpc.vm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The command's streams and the messages of the guest's init, each served by a daemon thread. */
final class GuestStreams {
    private final Consumer<String> progress;
    private final long poweredOn = System.nanoTime();
    private final CompletableFuture<Duration> started = new CompletableFuture<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();

    GuestStreams(Consumer<String> progress) {
        this.progress = progress;
    }

    /** {@return completed with the time from power-on to the command's start} */
    CompletableFuture<Duration> started() {
        return started;
    }

    /** {@return completed with the command's exit status, or exceptionally with the init's own words, or when QEMU hung up} */
    CompletableFuture<Integer> ended() {
        return ended;
    }

    void readControl(SocketChannel socket) {
        thread("vmrpc-control", () -> {
            try (BufferedReader lines = new BufferedReader(Channels.newReader(socket, StandardCharsets.UTF_8))) {
                for (String line; (line = lines.readLine()) != null;) {
                    String[] words = line.split(" ", 2);
                    handle(words[0], words.length > 1 ? words[1] : "");
                }
            } catch (IOException e) {
                // as good as end of file: QEMU is gone
            }
            fail(new IOException("QEMU hung up"));
        });
    }

    private void handle(String message, String argument) {
        switch (message) {
            case "booted" -> progress.accept(String.format("guest kernel is up after %.1f s", seconds(sincePowerOn())));
            case "started" -> {
                progress.accept(String.format("command starts after %.1f s", seconds(sincePowerOn())));
                started.complete(sincePowerOn());
            }
            case "ended" -> ended.complete(Integer.parseInt(argument.strip()));
            case "failed" -> fail(new VmException("the guest could not be set up: " + argument));
            default -> progress.accept("guest: " + message + " " + argument);
        }
    }

    private void fail(IOException cause) {
        started.completeExceptionally(cause);
        ended.completeExceptionally(cause);
    }

    /** {@return completed when the last byte has been written to the target; exceptionally if QEMU hung up before} */
    CompletableFuture<Void> copyOutput(String name, SocketChannel socket, EndMark mark, OutputStream target) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        thread("vmrpc-" + name, () -> {
            try (socket) {
                if (mark.copy(Channels.newInputStream(socket), target)) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(new IOException("QEMU hung up before the end of " + name));
                }
            } catch (IOException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    void copyInput(InputStream source, SocketChannel socket) {
        thread("vmrpc-stdin", () -> {
            byte[] buffer = new byte[8192];
            try {
                for (int count; (count = source.read(buffer)) >= 0;) {
                    ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
                    while (bytes.hasRemaining()) {
                        socket.write(bytes);
                    }
                }
                // half a close only: QEMU drops what it has not read yet when both halves are
                socket.shutdownOutput();
            } catch (IOException e) {
                // the command has ended without reading its input: as with a pipe
            }
        });
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private Duration sincePowerOn() {
        return Duration.ofNanos(System.nanoTime() - poweredOn);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
