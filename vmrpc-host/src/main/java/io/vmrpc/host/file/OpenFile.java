package io.vmrpc.host.file;

import java.util.ArrayDeque;

/**
 * A file or folder that a guest has opened. Its calls begin in the order in which they came; only reads may run beside each other. The queue is
 * the shard's own.
 */
final class OpenFile {
    final int id;
    final ExportedFolder export;
    final Descriptor descriptor;
    /** As in OPEN. */
    final int flags;
    private final ArrayDeque<FileCall> waiting = new ArrayDeque<>();
    private int running;
    private boolean isExclusive;
    /** Whether this file system can write without waiting. */
    boolean mayWriteAtOnce;

    OpenFile(final int id, final ExportedFolder export, final Descriptor descriptor, final int flags) {
        this.id = id;
        this.export = export;
        this.descriptor = descriptor;
        this.flags = flags;
    }

    /** Whether nothing is under way that a call at once would overtake. */
    boolean isIdle() {
        return running == 0 && waiting.isEmpty();
    }

    /** Takes a call in; {@link #next} says what may begin. */
    void add(final FileCall call) {
        waiting.add(call);
    }

    /** A call that may begin now, or null. */
    FileCall next() {
        final FileCall first = waiting.peek();
        if (first == null || isExclusive || running > 0 && !first.isShared()) {
            return null;
        }
        waiting.remove();
        running++;
        isExclusive = !first.isShared();
        return first;
    }

    /** A call has ended. */
    void ended() {
        running--;
        isExclusive = false;
    }
}
