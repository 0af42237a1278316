package io.vmrpc.guest.file;

import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.VmrpcGuest;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.LinkOption;
import java.nio.file.NotLinkException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * Makes {@code vmrpc:/export/path} a path of {@code java.nio.file}. The first file system that a process opens is the one that URIs mean, until
 * it is closed; {@code Path.of(URI)} opens it over this VM's device if there is none. Thread-safe.
 *
 * <p>{@link #newFileSystem(URI, Map)} knows the keys {@code guest} (a {@link VmrpcGuest}), {@code region} (a path or text, for loopback) and
 * {@code context} (a {@link FilesContext}).
 */
public final class VmFileSystemProvider extends FileSystemProvider {
    /** Of URIs. */
    public static final String SCHEME = "vmrpc";
    private VmFileSystem current;

    /** For {@link java.util.ServiceLoader}. */
    public VmFileSystemProvider() {
    }

    /** The one that the JDK has loaded, so that paths and URIs agree. */
    static VmFileSystemProvider installed() {
        for (final FileSystemProvider each : installedProviders()) {
            if (each instanceof VmFileSystemProvider vm) {
                return vm;
            }
        }
        return new VmFileSystemProvider(); // not on the class path of the system's class loader: paths work, URIs do not
    }

    synchronized VmFileSystem open(final VmrpcGuest guest, final FilesContext context, final AutoCloseable owned) {
        final VmFileSystem opened = new VmFileSystem(this, guest, context, owned);
        if (current == null) {
            current = opened;
        }
        return opened;
    }

    synchronized void closed(final VmFileSystem fileSystem) {
        if (current == fileSystem) {
            current = null;
        }
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public synchronized FileSystem newFileSystem(final URI uri, final Map<String, ?> env) throws IOException {
        FileUris.check(uri);
        if (current != null) {
            throw new FileSystemAlreadyExistsException("the exports are open already: use getFileSystem, or close that one first");
        }
        final FilesContext context = env.get("context") instanceof FilesContext given ? given : new FilesContext();
        if (env.get("guest") instanceof VmrpcGuest guest) {
            return open(guest, context, null);
        }
        final GuestContext guest = new GuestContext();
        if (env.get("region") != null) {
            guest.region(Path.of(env.get("region").toString()));
        }
        try {
            final VmrpcGuest connected = VmrpcGuest.connect(guest);
            return open(connected, context, connected);
        } catch (final VmrpcException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public synchronized FileSystem getFileSystem(final URI uri) {
        FileUris.check(uri);
        if (current == null) {
            throw new FileSystemNotFoundException("no file system of the host's exports is open: FileSystems.newFileSystem, or VmrpcGuest.openFiles");
        }
        return current;
    }

    @Override
    public synchronized Path getPath(final URI uri) {
        final String path = FileUris.path(uri);
        if (current == null) {
            try {
                newFileSystem(uri, Map.of());
            } catch (final IOException e) {
                throw (FileSystemNotFoundException)new FileSystemNotFoundException(e.getMessage()).initCause(e);
            }
        }
        return current.getPath(path);
    }

    private static boolean isNoFollow(final LinkOption... options) {
        return Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS);
    }

    @SuppressWarnings("unchecked") // the attribute's name says what it holds
    private static int mode(final int usual, final FileAttribute<?>... attributes) {
        int mode = usual;
        for (final FileAttribute<?> each : attributes) {
            if (!each.name().equals("posix:permissions")) {
                throw new UnsupportedOperationException("attribute '" + each.name() + "' cannot be given when a file is made: posix:permissions can");
            }
            mode = VmFileAttributes.mode((Set<PosixFilePermission>)each.value());
        }
        return mode;
    }

    @Override
    public FileChannel newFileChannel(final Path path, final Set<? extends OpenOption> options, final FileAttribute<?>... attributes)
        throws IOException {
        final VmPath vm = VmPath.of(path);
        final OpenMode open = OpenMode.of(options);
        final VmFileChannel channel = new VmFileChannel(vm.vm(), open, vm.vm().calls().open(vm, open.flags(), mode(0666, attributes)));
        vm.vm().remember(channel);
        return channel;
    }

    @Override
    public SeekableByteChannel newByteChannel(final Path path, final Set<? extends OpenOption> options, final FileAttribute<?>... attributes)
        throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(final Path folder, final DirectoryStream.Filter<? super Path> filter) throws IOException {
        return VmDirectoryStream.open(VmPath.of(folder), filter);
    }

    @Override
    public void createDirectory(final Path folder, final FileAttribute<?>... attributes) throws IOException {
        final VmPath vm = VmPath.of(folder);
        if (vm.toAbsolutePath().normalize().getNameCount() == 0) {
            throw new java.nio.file.FileAlreadyExistsException(folder.toString());
        }
        vm.vm().calls().makeFolder(vm, mode(0777, attributes));
    }

    @Override
    public void createSymbolicLink(final Path link, final Path target, final FileAttribute<?>... attributes) throws IOException {
        mode(0, attributes);
        final VmPath vm = VmPath.of(link);
        final Path relative = target.isAbsolute() ? vm.toAbsolutePath().getParent().relativize(target) : target; // the host knows no path of a guest
        vm.vm().calls().makeLink(vm, io.vmrpc.file.FileNames.bytes(relative.toString()));
    }

    @Override
    public void createLink(final Path link, final Path existing) throws IOException {
        final VmPath vm = VmPath.of(link);
        vm.vm().calls().link(VmPath.of(existing), vm);
    }

    @Override
    public Path readSymbolicLink(final Path link) throws IOException {
        final VmPath vm = VmPath.of(link);
        if (!vm.vm().calls().stat(vm, true).isSymbolicLink()) {
            throw new NotLinkException(link.toString());
        }
        return vm.vm().calls().readLink(vm);
    }

    @Override
    public void delete(final Path path) throws IOException {
        final VmPath vm = VmPath.of(path);
        vm.vm().calls().remove(vm);
    }

    @Override
    public void copy(final Path source, final Path target, final CopyOption... options) throws IOException {
        new CopyMove(VmPath.of(source), VmPath.of(target), options).copy();
    }

    @Override
    public void move(final Path source, final Path target, final CopyOption... options) throws IOException {
        new CopyMove(VmPath.of(source), VmPath.of(target), options).move();
    }

    @Override
    public boolean isSameFile(final Path path, final Path other) throws IOException {
        if (path.equals(other)) {
            return true;
        }
        return other instanceof VmPath vm && vm.getFileSystem() == path.getFileSystem() &&
            readAttributes(path, BasicFileAttributes.class).fileKey().equals(readAttributes(other, BasicFileAttributes.class).fileKey());
    }

    @Override
    public boolean isHidden(final Path path) {
        final Path name = path.getFileName();
        return name != null && name.toString().startsWith(".");
    }

    @Override
    public FileStore getFileStore(final Path path) throws IOException {
        final VmPath vm = VmPath.of(path);
        vm.vm().calls().stat(vm, false);
        return new VmFileStore(vm.vm().getPath("/", vm.export()));
    }

    @Override
    public void checkAccess(final Path path, final AccessMode... modes) throws IOException {
        final VmPath vm = VmPath.of(path);
        int bits = 0;
        for (final AccessMode each : modes) {
            bits |= 4 >> each.ordinal(); // READ, WRITE, EXECUTE
        }
        if (bits == 0) {
            vm.vm().calls().stat(vm, false);
        } else {
            vm.vm().calls().access(vm, bits);
        }
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(final Path path, final Class<V> type, final LinkOption... options) {
        final String name = type == BasicFileAttributeView.class ? "basic" : type == PosixFileAttributeView.class ? "posix"
            : type == FileOwnerAttributeView.class ? "owner" : null;
        return name == null ? null : type.cast(new VmAttributeView(VmPath.of(path), isNoFollow(options), name));
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(final Path path, final Class<A> type, final LinkOption... options) throws IOException {
        if (type != BasicFileAttributes.class && type != PosixFileAttributes.class) {
            throw new UnsupportedOperationException("attributes of " + type + " are not known: BasicFileAttributes or PosixFileAttributes");
        }
        final VmPath vm = VmPath.of(path);
        return type.cast(vm.vm().calls().stat(vm, isNoFollow(options)));
    }

    @Override
    public Map<String, Object> readAttributes(final Path path, final String attributes, final LinkOption... options) throws IOException {
        final VmPath vm = VmPath.of(path);
        return AttributeNames.read(vm.vm().calls().stat(vm, isNoFollow(options)), attributes);
    }

    @Override
    public void setAttribute(final Path path, final String attribute, final Object value, final LinkOption... options) throws IOException {
        AttributeNames.set(new VmAttributeView(VmPath.of(path), isNoFollow(options), "posix"), attribute, value);
    }
}
