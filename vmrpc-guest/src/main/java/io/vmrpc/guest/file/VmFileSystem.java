package io.vmrpc.guest.file;

import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.agrona.CloseHelper;

/**
 * The host's exported folders as a file system of {@code java.nio.file}: {@code /export/path}, made by {@link VmrpcGuest#openFiles()} or from a
 * URI. For any thread; a call takes one of its channels for as long as it lasts. Every call goes to the host, nothing is cached here: what a
 * write has acknowledged is in the file, for every other reader of it, and what {@code force} has acknowledged is on the disk.
 *
 * <p>If the agent is lost, open files are lost with it and say so with an {@link IOException}; paths work again after
 * {@link VmrpcGuest#reconnect}.
 */
public final class VmFileSystem extends FileSystem {
    private final VmFileSystemProvider provider;
    private final AutoCloseable owned;
    private final Lanes lanes;
    private final VmrpcGuest guest;
    private final PathCalls calls;
    private final HandleCalls handles;
    private final LockTable locks = new LockTable();
    private final Set<AutoCloseable> opened = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    /** A thread's own channel and way to wait. */
    public interface Binding extends AutoCloseable {
        /** Ends it; on the thread that bound it. */
        @Override
        void close();
    }

    VmFileSystem(final VmFileSystemProvider provider, final VmrpcGuest guest, final FilesContext context, final AutoCloseable owned) {
        this.provider = provider;
        this.guest = guest;
        this.owned = owned;
        lanes = new Lanes(guest, context);
        calls = new PathCalls(this, lanes);
        handles = new HandleCalls(lanes);
    }

    /**
     * Opens a file system over a connection.
     *
     * @param guest the connection, which stays the caller's.
     * @param context settings.
     * @return the file system.
     * @throws io.vmrpc.error.VmrpcException if the session has ended or the agent offers no files.
     */
    public static VmFileSystem over(final VmrpcGuest guest, final FilesContext context) {
        guest.resolve(io.vmrpc.file.FileProtocol.SERVICE);
        return VmFileSystemProvider.installed().open(guest, context, null);
    }

    /**
     * Gives the calling thread a channel and a way to wait of its own, a vCPU that it parks for example, until that is closed on this thread.
     *
     * @param waiting how this thread waits.
     * @return ends it; close it on this thread.
     */
    public Binding bind(final Waiting waiting) {
        return lanes.bind(waiting);
    }

    VmrpcGuest guest() {
        return guest;
    }

    PathCalls calls() {
        return calls;
    }

    HandleCalls handles() {
        return handles;
    }

    LockTable locks() {
        return locks;
    }

    void remember(final AutoCloseable open) {
        opened.add(open);
    }

    void forget(final AutoCloseable open) {
        opened.remove(open);
    }

    void ensureOpen() {
        if (isClosed) {
            throw new ClosedFileSystemException();
        }
    }

    @Override
    public VmFileSystemProvider provider() {
        return provider;
    }

    /** Closes what is open in it, and its channels. */
    @Override
    public void close() {
        if (!isClosed) {
            CloseHelper.quietCloseAll(new ArrayList<>(opened));
            isClosed = true;
            lanes.close();
            provider.closed(this);
            CloseHelper.quietClose(owned);
        }
    }

    @Override
    public boolean isOpen() {
        return !isClosed;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(getPath("/"));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        try {
            final List<FileStore> stores = new ArrayList<>();
            for (final String export : calls.exports()) {
                stores.add(new VmFileStore(getPath("/", export)));
            }
            return stores;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic", "posix", "owner", "unix");
    }

    @Override
    public VmPath getPath(final String first, final String... more) {
        final StringBuilder joined = new StringBuilder(first);
        for (final String each : more) {
            if (!each.isEmpty()) {
                joined.append(joined.length() > 0 ? "/" : "").append(each);
            }
        }
        return VmPath.parse(this, joined.toString());
    }

    @Override
    public PathMatcher getPathMatcher(final String syntaxAndPattern) {
        final int colon = syntaxAndPattern.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("'" + syntaxAndPattern + "' must begin with glob: or regex:");
        }
        final String pattern = syntaxAndPattern.substring(colon + 1);
        final Pattern compiled = switch (syntaxAndPattern.substring(0, colon).toLowerCase(java.util.Locale.ROOT)) {
            case "glob" -> Pattern.compile(Globs.regex(pattern), Pattern.DOTALL);
            case "regex" -> Pattern.compile(pattern);
            default -> throw new UnsupportedOperationException("'" + syntaxAndPattern + "' must begin with glob: or regex:");
        };
        return path -> compiled.matcher(path.toString()).matches();
    }

    /** Not there: names of the host's users mean nothing here. */
    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException("the host's users are not known to its guests");
    }

    @Override
    public WatchService newWatchService() throws IOException {
        ensureOpen();
        return VmWatchService.open(this);
    }
}
