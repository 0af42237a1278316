package io.vmrpc.system;

import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An agent in a process of its own that writes each request's number to a file before it answers; the file outlives a SIGKILL. */
public final class JournalAgent implements Service {
    private final FileChannel journal;
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

    private JournalAgent(FileChannel journal) {
        this.journal = journal;
    }

    /** The program: {@code REGION JOURNAL}; ends with its input. */
    public static void main(String[] arguments) throws IOException {
        FileChannel journal = FileChannel.open(Path.of(arguments[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        try (journal; Agent agent = Agent.launch(new AgentContext().region(Path.of(arguments[0])).service(new JournalAgent(journal)))) {
            System.out.println("ready shards=" + agent.shardCount());
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }

    @Override
    public String name() {
        return "journal";
    }

    @Override
    public void onRequest(Request request) {
        try {
            number.clear().putLong(request.payload().getLong(request.offset())).flip();
            journal.write(number);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        request.reply();
    }
}
