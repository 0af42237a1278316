package io.vmrpc.host.file;

import io.vmrpc.host.service.Withheld;
import io.vmrpc.natives.Errno;
import java.nio.ByteOrder;
import java.util.concurrent.RejectedExecutionException;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request that may block: made on the shard, run in the session's pool, settled on the shard. Fields change hands with it. */
final class FileCall implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(FileCall.class);
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    final SessionFiles files;
    final Operation operation;
    final Withheld answer;
    final CallBuffers buffers;
    /** Of the request's payload. */
    final int length;
    /** How long a reply may be. */
    final int capacity;
    /** The handle that the request names, or the one that is written to. */
    OpenFile file;
    /** The handle that is copied from. */
    OpenFile source;
    ExportedFolder export;
    private Descriptor root;
    /** A descriptor that belongs to nobody yet. */
    int opened = -1;
    /** Until when a lock is awaited, System.nanoTime(). */
    long untilNs;
    int attempts;
    private boolean isReleased;
    private int replyLength;
    private FileFailure failure;

    /** What is done in the pool. */
    @FunctionalInterface
    interface Operation {
        /** The reply's length, in {@link CallBuffers#reply}. */
        int run(FileCall call) throws FileFailure;

        /** Whether it may run beside others of its file. */
        default boolean isShared() {
            return false;
        }

        /** On the shard, in the end; false if the call was submitted anew. */
        default boolean settle(final FileCall call) {
            call.answer();
            return true;
        }
    }

    /** An operation that may run beside others of its kind. */
    @FunctionalInterface
    interface SharedOperation extends Operation {
        @Override
        default boolean isShared() {
            return true;
        }
    }

    FileCall(final SessionFiles files, final Operation operation, final Withheld answer, final CallBuffers buffers, final int length) {
        this.files = files;
        this.operation = operation;
        this.answer = answer;
        this.buffers = buffers;
        this.length = length;
        capacity = answer.payloadCapacity();
    }

    boolean isShared() {
        return operation.isShared();
    }

    void of(final OpenFile used) {
        used.descriptor.use();
        file = used;
    }

    void from(final OpenFile used) {
        used.descriptor.use();
        source = used;
    }

    void in(final ExportedFolder folder) throws FileFailure {
        root = folder.root();
        root.use();
        export = folder;
    }

    int root() {
        return root.number;
    }

    int word(final int offset) {
        return buffers.request.getInt(offset, ORDER);
    }

    long number(final int offset) {
        return buffers.request.getLong(offset, ORDER);
    }

    UnsafeBuffer reply() {
        return buffers.reply;
    }

    @Override
    public void run() {
        try {
            failure = null;
            replyLength = operation.run(this);
        } catch (final FileFailure e) {
            failure = e;
        } catch (final RuntimeException | Error e) {
            LOG.error("the service file failed on a request of {}", files.region(), e);
            failure = new FileFailure(Errno.EIO, "the service file failed: see the agent's log");
        }
        try {
            files.loop().execute(this::settle);
        } catch (final RejectedExecutionException e) {
            abandon(); // the agent has closed: there is nobody left to tell
        }
    }

    private void settle() {
        boolean hasEnded = true;
        try {
            hasEnded = operation.settle(this);
        } finally {
            if (hasEnded) {
                abandon();
                files.ended(this);
            }
        }
    }

    /** Lets go of what the call uses. */
    void abandon() {
        if (opened >= 0) {
            new Descriptor(opened).release();
            opened = -1;
        }
        release();
    }

    void release() {
        if (!isReleased) {
            isReleased = true;
            release(root);
            release(file == null ? null : file.descriptor);
            release(source == null ? null : source.descriptor);
        }
    }

    private static void release(final Descriptor used) {
        if (used != null) {
            used.release();
        }
    }

    FileFailure failure() {
        return failure;
    }

    void answer() {
        if (!answer.isOutstanding()) {
            return;
        }
        if (failure != null) {
            failure.answer(answer);
        } else {
            answer.complete(buffers.reply, 0, replyLength);
        }
    }
}
