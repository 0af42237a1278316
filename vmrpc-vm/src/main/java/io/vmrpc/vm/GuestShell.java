package io.vmrpc.vm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A guest whose command is a shell that obeys this object: programs run one after the other in one boot, and their output comes back with their
 * exit status. Closing ends the guest. Methods may be called by any thread, commands run one at a time.
 */
public final class GuestShell implements AutoCloseable {
    private static final Duration LOOK_AT_THE_GUEST = Duration.ofSeconds(1);

    /** In base64 that are 64 KiB; the kernel takes 128 KiB as one word of a command (MAX_ARG_STRLEN). */
    private static final int WORD_BYTES = 48 << 10;

    private final Pipe input = Pipe.open();
    /** Begins the line before the output of a command and the line behind it; no output contains it by chance. */
    private final String mark = EndMark.random().toString();
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Consumer<String> listener;
    private final VirtualMachine machine;
    private volatile boolean isRunning;
    private int count;

    /**
     * How a command ended.
     *
     * @param output what it wrote to its output and its errors
     * @param status its exit status
     */
    public record Result(String output, int status) { }

    private GuestShell(VmConfig.Builder config, Consumer<String> listener) throws IOException {
        this.listener = listener;
        machine = VirtualMachine.start(config.command(List.of("sh")).stdin(Channels.newInputStream(input.source())).stdout(new Lines()).stderr(new Lines()).build());
    }

    /**
     * Boots a guest and waits until its shell is there.
     *
     * @param config the guest; command and streams are replaced
     * @param listener gets every line that is no output of {@link #run}, from threads of this object
     * @return the guest
     * @throws IOException if the guest cannot be started or does not get there; as {@link VmException} in one sentence
     * @throws InterruptedException if interrupted
     */
    public static GuestShell start(VmConfig.Builder config, Consumer<String> listener) throws IOException, InterruptedException {
        GuestShell shell = new GuestShell(config, listener);
        try {
            shell.machine.awaitStarted();
            return shell;
        } catch (IOException | InterruptedException | RuntimeException e) {
            shell.close();
            throw e;
        }
    }

    /** {@return the guest} */
    public VirtualMachine machine() {
        return machine;
    }

    /**
     * Gives the shell a line and does not wait for what comes of it.
     *
     * @param line as in a script
     * @throws IOException if the shell is gone
     */
    public synchronized void type(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            input.sink().write(bytes);
        }
    }

    /**
     * Runs a command and waits for its end. Its input is empty. What it leaves in the background must have an output of its own, else that
     * stands in the next command's.
     *
     * @param command for a shell; a shell of its own, so it may exit
     * @param longest how long it may take
     * @return its output and status
     * @throws VmException if it takes longer, then it still runs; or if the guest ends meanwhile
     * @throws IOException if the shell is gone
     * @throws InterruptedException if interrupted, then it still runs
     */
    public synchronized Result run(String command, Duration longest) throws IOException, InterruptedException {
        lines.clear();
        isRunning = true;
        String own = mark + " " + ++count; // an earlier command that took too long may still write, and end
        try {
            type("printf '\\n%s\\n' '" + own + "'; sh -c " + GuestScript.quote(command) + " </dev/null 2>&1; printf '\\n%s %s\\n' '" + own + "' $?");
            return await(command, own, System.nanoTime() + longest.toNanos());
        } finally {
            isRunning = false;
        }
    }

    private Result await(String command, String own, long until) throws IOException, InterruptedException {
        List<String> output = new ArrayList<>();
        while (true) {
            String line = lines.poll(Math.min(until - System.nanoTime(), LOOK_AT_THE_GUEST.toNanos()), TimeUnit.NANOSECONDS);
            if (line != null && line.equals(own)) {
                output.clear();
            } else if (line != null && line.startsWith(own + " ")) {
                return new Result(String.join("\n", output), Integer.parseInt(line.substring(own.length() + 1)));
            } else if (line != null) {
                output.add(line);
            } else if (machine.waitFor(Duration.ZERO).isPresent()) {
                throw failed(command, "ended together with the guest's shell", output);
            } else if (System.nanoTime() - until >= 0) {
                throw failed(command, "did not end in time", output);
            }
        }
    }

    private static VmException failed(String command, String how, List<String> output) {
        return new VmException("the guest's command " + command + " " + how + (output.isEmpty() ? "" : "; so far it wrote:\n  " + String.join("\n  ", output)));
    }

    /**
     * Runs a command that must succeed.
     *
     * @param command as for {@link #run}
     * @param longest likewise
     * @return its output
     * @throws VmException also if its status is not 0: with its output
     * @throws IOException as {@link #run}
     * @throws InterruptedException likewise
     */
    public String output(String command, Duration longest) throws IOException, InterruptedException {
        Result result = run(command, longest);
        if (result.status() != 0) {
            throw new VmException("the guest's command " + command + " failed (" + result.status() + "): " + result.output().strip());
        }
        return result.output();
    }

    /**
     * Reads a file of the guest.
     *
     * @param file its path there
     * @param longest how long that may take
     * @return its bytes
     * @throws VmException if there is no such file
     * @throws IOException as {@link #run}
     * @throws InterruptedException likewise
     */
    public byte[] read(String file, Duration longest) throws IOException, InterruptedException {
        return Base64.getMimeDecoder().decode(output("base64 " + GuestScript.quote(file), longest));
    }

    /**
     * Writes a file of the guest, in a folder where it can: /tmp, /var/tmp, /run.
     *
     * @param file its path there; replaced
     * @param content its bytes
     * @param longest how long each 48 KB may take
     * @throws VmException if it cannot be written
     * @throws IOException as {@link #run}
     * @throws InterruptedException likewise
     */
    public void write(String file, byte[] content, Duration longest) throws IOException, InterruptedException {
        String name = GuestScript.quote(file);
        output(": >" + name, longest);
        for (int start = 0; start < content.length; start += WORD_BYTES) {
            byte[] piece = Arrays.copyOfRange(content, start, Math.min(content.length, start + WORD_BYTES));
            output("echo " + Base64.getEncoder().encodeToString(piece) + " | base64 -d >>" + name, longest);
        }
    }

    @Override
    public void close() {
        machine.close();
        try {
            input.sink().close();
            input.source().close();
        } catch (IOException e) {
            throw new AssertionError("closing a pipe of this process cannot fail", e);
        }
    }

    /** Sorts the guest's output; one for each stream. */
    private final class Lines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            if (b != '\n') {
                line.write(b);
                return;
            }
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            if (isRunning) {
                lines.add(text);
            } else {
                listener.accept(text);
            }
        }
    }
}
