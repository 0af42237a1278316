package io.vmrpc.host.file;

import io.netty.channel.IoEventLoop;
import io.vmrpc.file.FileProtocol;
import io.vmrpc.host.policy.Export;
import io.vmrpc.host.service.OrdinaryThreads;
import io.vmrpc.host.service.IdTable;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.SessionInfo;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.natives.Errno;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What one session has open, and the threads that block for it: its own, so that a guest whose disk hangs delays nobody else. Shard's thread
 * only.
 */
final class SessionFiles implements Service {
    private static final int THREADS = 4;
    /** Calls under way, and bytes of their buffers: more are refused with ENOBUFS. */
    private static final int MIN_CALLS = 8;
    private static final int MAX_CALLS = 256;
    private static final int MAX_BYTES = 64 << 20;
    private final SessionInfo session;
    private final IoEventLoop loop;
    private final List<ExportedFolder> exports = new ArrayList<>();
    private final IdTable<OpenFile> table;
    private final FileRequests requests;
    private final ThreadPoolExecutor pool;
    private final ArrayDeque<CallBuffers> free = new ArrayDeque<>();
    private int maxCalls = MIN_CALLS;
    private int calls;
    private boolean hasEnded;

    SessionFiles(final SessionInfo session, final List<Export> exports, final IoEventLoop loop) {
        this.session = session;
        this.loop = loop;
        long handles = 0;
        for (final Export export : exports) {
            this.exports.add(new ExportedFolder(export));
            handles += export.handles();
        }
        table = new IdTable<>((int)Math.min(handles, Export.MAX_HANDLES));
        requests = new FileRequests(this);
        pool = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new OrdinaryThreads("vmrpc-files-" + session.id()));
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public String name() {
        return FileProtocol.SERVICE;
    }

    @Override
    public void onRequest(final Request request) {
        requests.onRequest(request);
    }

    @Override
    public void onSessionEnd(final SessionInfo ended) {
        hasEnded = true;
        for (int i = 0; i < table.end(); i++) {
            if (table.at(i) != null) {
                table.at(i).descriptor.release(); // closed when its last call is out
            }
        }
        requests.close();
        exports.forEach(ExportedFolder::close);
        pool.shutdown(); // what was taken in is carried out
    }

    Path region() {
        return session.region();
    }

    IoEventLoop loop() {
        return loop;
    }

    List<ExportedFolder> exports() {
        return exports;
    }

    OpenFile find(final int id) {
        return table.find(id);
    }

    /** Before a file is opened: its place is taken from here on. */
    void reserveHandle(final ExportedFolder export) throws FileFailure {
        if (export.handles >= export.export.handles()) {
            throw new FileFailure(Errno.EMFILE, "this guest has " + export.handles + " files of the export " + export.export.name() +
                " open, which is its limit: close some, or have the export's handles raised in the policy");
        }
        export.handles++;
    }

    /** A file that was opened; from here on the session closes it. */
    int put(final ExportedFolder export, final int fd, final int flags, final long inode) {
        final int id = table.reserve();
        final OpenFile file = new OpenFile(id, export, new Descriptor(fd), flags);
        file.mayWriteAtOnce = (flags & (FileProtocol.OPEN_APPEND | FileProtocol.OPEN_SYNC | FileProtocol.OPEN_DATA_SYNC)) == 0;
        table.put(id, file);
        export.usage.opened(file, inode);
        return id;
    }

    /** The id names nothing from here on; what is under way goes on. */
    void forget(final OpenFile file) {
        table.remove(file.id);
    }

    /** Turns a request into a call, whose payload is copied. */
    FileCall begin(final Request request, final FileCall.Operation operation) throws FileFailure {
        if (calls >= maxCalls && request.method() != FileProtocol.CLOSE) {
            throw new FileFailure(Errno.ENOBUFS, calls + " requests of this guest wait for the disk: try again when some are completed");
        }
        final Withheld answer = request.withhold();
        final CallBuffers buffers = free.isEmpty() ? new CallBuffers(answer.payloadCapacity()) : free.pop();
        maxCalls = Math.max(MIN_CALLS, Math.min(MAX_CALLS, MAX_BYTES / buffers.length())); // every region has one payload capacity
        buffers.request.putBytes(0, request.payload(), request.offset(), request.length());
        calls++;
        return new FileCall(this, operation, answer, buffers, request.length());
    }

    /** Hands the call over, or lets it wait for its turn. */
    void submit(final FileCall call) {
        if (call.file == null) {
            execute(call);
        } else {
            call.file.add(call);
            advance(call.file);
        }
    }

    private void advance(final OpenFile file) {
        for (FileCall call = file.next(); call != null; call = file.next()) {
            execute(call);
        }
    }

    private void execute(final FileCall call) {
        if (hasEnded) {
            call.abandon();
            ended(call);
        } else {
            pool.execute(call);
        }
    }

    /** A call is out: its buffers are free, and others of its file may begin. */
    void ended(final FileCall call) {
        calls--;
        if (!hasEnded) {
            free.push(call.buffers);
        }
        turnEnded(call);
    }

    /** Others of the call's file may begin, even if it comes again later. */
    void turnEnded(final FileCall call) {
        if (call.file != null) {
            call.file.ended();
            advance(call.file);
        }
    }
}
