package io.vmrpc.bench.peer;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import io.vmrpc.bench.report.PeerVariants;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A request by one Aeron IPC stream, its answer by another; caller and server poll without pause, as VMRPC's do. The media driver is in the server's process: one
 * thread for all it does, which sleeps a millisecond when idle, so that it takes neither of the two CPUs. Messages do not pass through it.
 */
final class AeronCalls implements Way {
    private static final String CHANNEL = "aeron:ipc";
    private static final int REQUESTS = 1;
    private static final int ANSWERS = 2;
    /** A message may be an eighth of it. */
    private static final int TERM = 16 * LONGEST;
    /** The most there is: long messages in few fragments. */
    private static final int MTU = 65_504;
    private static final long CONNECT_NS = TimeUnit.SECONDS.toNanos(10);

    @Override
    public String variant() {
        return PeerVariants.AERON_IPC;
    }

    @Override
    public Server serve(final Path folder, final int bytes) {
        final String directory = folder.resolve("aeron").toString();
        final MediaDriver driver = MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(directory).threadingMode(ThreadingMode.SHARED)
            .sharedIdleStrategy(new SleepingMillisIdleStrategy(1)).dirDeleteOnStart(true).dirDeleteOnShutdown(true).termBufferSparseFile(false)
            .ipcTermBufferLength(TERM).ipcMtuLength(MTU));
        final Aeron aeron = connectTo(directory);
        final Echo echo = new Echo(aeron.addSubscription(CHANNEL, REQUESTS), aeron.addExclusivePublication(CHANNEL, ANSWERS));
        echo.start();
        return new Server() {
            @Override
            public String address() {
                return directory;
            }

            @Override
            public void close() {
                echo.end();
                CloseHelper.closeAll(aeron, driver);
            }
        };
    }

    /** Pages are touched before anything is measured. */
    private static Aeron connectTo(final String directory) {
        return Aeron.connect(new Aeron.Context().aeronDirectoryName(directory).preTouchMappedMemory(true));
    }

    private static void offer(final ExclusivePublication publication, final DirectBuffer buffer, final int offset, final int length) {
        long result = publication.offer(buffer, offset, length);
        while (result < 0) {
            if (result != Publication.BACK_PRESSURED && result != Publication.ADMIN_ACTION) {
                throw new IllegalStateException("Aeron does not take the message: " + Publication.errorString(result));
            }
            result = publication.offer(buffer, offset, length);
        }
    }

    /** The server's thread. */
    private static final class Echo extends Thread {
        private final Subscription requests;
        private final ExclusivePublication answers;
        private volatile boolean isEnding;

        Echo(final Subscription requests, final ExclusivePublication answers) {
            super("aeron-server");
            this.requests = requests;
            this.answers = answers;
            setDaemon(true);
        }

        @Override
        public void run() {
            final FragmentHandler handler = new FragmentAssembler((buffer, offset, length, header) -> answer(buffer, offset, length));
            while (!isEnding) {
                requests.poll(handler, 1);
            }
        }

        private void answer(final DirectBuffer buffer, final int offset, final int length) {
            if (answers.isConnected()) { // else the caller has gone
                offer(answers, buffer, offset, length);
            }
        }

        void end() {
            isEnding = true;
            try {
                join(); // before its mapped memory goes
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public Caller connect(final String address) throws IOException {
        return new PollingCaller(connectTo(address));
    }

    private static final class PollingCaller implements Caller {
        private final Aeron aeron;
        private final ExclusivePublication requests;
        private final Subscription answers;
        private final UnsafeBuffer request = new UnsafeBuffer(BufferUtil.allocateDirectAligned(LONGEST, 64));
        private final UnsafeBuffer answer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(LONGEST, 64));
        private final FragmentHandler handler = new FragmentAssembler((buffer, offset, length, header) -> take(buffer, offset, length));
        private int answered;

        PollingCaller(final Aeron aeron) throws IOException {
            this.aeron = aeron;
            request.putBytes(0, Way.request());
            answers = aeron.addSubscription(CHANNEL, ANSWERS);
            requests = aeron.addExclusivePublication(CHANNEL, REQUESTS);
            final long until = System.nanoTime() + CONNECT_NS;
            while (!requests.isConnected() || !answers.isConnected()) {
                if (System.nanoTime() - until > 0) {
                    aeron.close();
                    throw new IOException("the server's Aeron streams did not connect within 10 s");
                }
                Thread.onSpinWait();
            }
        }

        private void take(final DirectBuffer buffer, final int offset, final int length) {
            answer.putBytes(0, buffer, offset, length);
            answered = length;
        }

        @Override
        public int call(final int length) {
            answered = -1;
            offer(requests, request, 0, length);
            while (answered < 0) {
                answers.poll(handler, 1);
            }
            return answered;
        }

        @Override
        public byte answer(final int index) {
            return answer.getByte(index);
        }

        @Override
        public void close() {
            aeron.close();
        }
    }
}
