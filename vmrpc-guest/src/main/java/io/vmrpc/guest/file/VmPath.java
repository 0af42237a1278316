package io.vmrpc.guest.file;

import io.vmrpc.file.FileNames;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A path of the host's exports: {@code /export/path}. Relative ones begin at {@code /}. Names keep their letters as they are. */
final class VmPath implements Path {
    private final VmFileSystem fileSystem;
    private final boolean isAbsolute;
    private final List<String> names;
    private final String text;
    private volatile byte[] wire;
    private volatile String export;

    private VmPath(final VmFileSystem fileSystem, final boolean isAbsolute, final List<String> names) {
        this.fileSystem = fileSystem;
        this.isAbsolute = isAbsolute;
        this.names = names;
        text = (isAbsolute ? "/" : "") + String.join("/", names);
    }

    static VmPath parse(final VmFileSystem fileSystem, final String text) {
        if (text.indexOf('\0') >= 0) {
            throw new InvalidPathException(text, "a path must not have the character NUL in it", text.indexOf('\0'));
        }
        try {
            FileNames.bytes(text);
        } catch (final IllegalArgumentException e) {
            throw new InvalidPathException(text, e.getMessage());
        }
        final List<String> names = new ArrayList<>();
        for (final String name : text.split("/+")) {
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        final boolean isAbsolute = text.startsWith("/");
        if (names.isEmpty() && !isAbsolute) {
            names.add("");
        }
        return new VmPath(fileSystem, isAbsolute, List.copyOf(names));
    }

    static VmPath of(final Path path) {
        if (path instanceof VmPath vm) {
            return vm;
        }
        java.util.Objects.requireNonNull(path, "path");
        throw new ProviderMismatchException("'" + path + "' is a path of another file system: give one of vmrpc:/");
    }

    private VmPath with(final boolean absolute, final List<String> newNames) {
        final boolean isNothing = newNames.isEmpty() && !absolute;
        return new VmPath(fileSystem, absolute, isNothing ? List.of("") : List.copyOf(newNames));
    }

    /** An entry of this folder, whose name the host told: it needs no checks. */
    VmPath child(final String name) {
        final List<String> joined = new ArrayList<>(names.size() + 1);
        joined.addAll(isEmpty() ? List.of() : names);
        joined.add(name);
        return new VmPath(fileSystem, isAbsolute, List.copyOf(joined));
    }

    private boolean isEmpty() {
        return !isAbsolute && names.size() == 1 && names.get(0).isEmpty();
    }

    /** As it stands on the wire: the export's name and what follows; empty for the root, where the exports are. */
    byte[] wire() {
        byte[] known = wire;
        if (known == null) {
            known = encode();
            wire = known; // whoever comes at the same time finds the same
        }
        return known;
    }

    private byte[] encode() {
        final VmPath absolute = toAbsolutePath();
        int depth = 0;
        boolean leavesExport = false;
        for (final String name : absolute.names) {
            depth += name.equals("..") ? -1 : name.equals(".") ? 0 : 1;
            leavesExport |= depth <= 0;
        }
        return FileNames.bytes(String.join("/", (leavesExport ? absolute.normalize() : absolute).names)); // else the host knows what .. means
    }

    /** The export's name, or nothing for the root. */
    String export() {
        String known = export;
        if (known == null) {
            final List<String> normal = toAbsolutePath().normalize().names;
            known = normal.isEmpty() ? "" : normal.get(0);
            export = known;
        }
        return known;
    }

    @Override
    public FileSystem getFileSystem() {
        return fileSystem;
    }

    VmFileSystem vm() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return isAbsolute;
    }

    @Override
    public Path getRoot() {
        return isAbsolute ? with(true, List.of()) : null;
    }

    @Override
    public VmPath getFileName() {
        return names.isEmpty() ? null : with(false, names.subList(names.size() - 1, names.size()));
    }

    @Override
    public VmPath getParent() {
        return names.isEmpty() || names.size() == 1 && !isAbsolute ? null : with(isAbsolute, names.subList(0, names.size() - 1));
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public Path getName(final int index) {
        return subpath(index, index + 1);
    }

    @Override
    public Path subpath(final int beginIndex, final int endIndex) {
        if (beginIndex < 0 || endIndex > names.size() || beginIndex >= endIndex) {
            throw new IllegalArgumentException("beginIndex=" + beginIndex + " endIndex=" + endIndex + " of a path with " + names.size() + " names");
        }
        return with(false, names.subList(beginIndex, endIndex));
    }

    @Override
    public boolean startsWith(final Path other) {
        return other instanceof VmPath vm && vm.fileSystem == fileSystem && vm.isAbsolute == isAbsolute && vm.isEmpty() == isEmpty() &&
            vm.names.size() <= names.size() && names.subList(0, vm.names.size()).equals(vm.names);
    }

    @Override
    public boolean endsWith(final Path other) {
        if (!(other instanceof VmPath vm) || vm.fileSystem != fileSystem || vm.isEmpty() != isEmpty() || vm.names.size() > names.size()) {
            return false;
        }
        return vm.isAbsolute ? equals(vm) : names.subList(names.size() - vm.names.size(), names.size()).equals(vm.names);
    }

    @Override
    public VmPath normalize() {
        final List<String> kept = new ArrayList<>();
        for (final String name : names) {
            final boolean canGoUp = !kept.isEmpty() && !kept.get(kept.size() - 1).equals("..");
            if (name.equals("..") && (canGoUp || isAbsolute)) {
                if (canGoUp) {
                    kept.remove(kept.size() - 1);
                }
            } else if (!name.equals(".")) {
                kept.add(name);
            }
        }
        return with(isAbsolute, kept);
    }

    @Override
    public VmPath resolve(final Path other) {
        final VmPath tail = of(other);
        if (tail.isAbsolute || isEmpty()) {
            return tail;
        }
        if (tail.isEmpty()) {
            return this;
        }
        final List<String> joined = new ArrayList<>(names);
        joined.addAll(tail.names);
        return with(isAbsolute, joined);
    }

    @Override
    public VmPath resolve(final String other) {
        return resolve(parse(fileSystem, other));
    }

    @Override
    public Path relativize(final Path other) {
        final VmPath target = of(other);
        if (target.isAbsolute != isAbsolute) {
            throw new IllegalArgumentException("'" + other + "' and '" + this + "' must both be absolute or both be relative");
        }
        final List<String> from = isEmpty() ? List.of() : names;
        final List<String> to = target.isEmpty() ? List.of() : target.names;
        int common = 0;
        while (common < from.size() && common < to.size() && from.get(common).equals(to.get(common))) {
            common++;
        }
        final List<String> way = new ArrayList<>();
        for (int i = common; i < from.size(); i++) {
            way.add("..");
        }
        way.addAll(to.subList(common, to.size()));
        return with(false, way);
    }

    @Override
    public URI toUri() {
        return FileUris.of(toAbsolutePath().text);
    }

    @Override
    public VmPath toAbsolutePath() {
        return isAbsolute ? this : with(true, isEmpty() ? List.of() : names);
    }

    @Override
    public Path toRealPath(final LinkOption... options) throws IOException {
        final boolean isNoFollow = Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS);
        return fileSystem.calls().realPath(toAbsolutePath(), isNoFollow);
    }

    @Override
    public WatchKey register(final WatchService watcher, final WatchEvent.Kind<?>[] events, final WatchEvent.Modifier... modifiers) throws IOException {
        if (!(watcher instanceof VmWatchService vm)) {
            throw new ProviderMismatchException("the watch service belongs to another file system: make it with this path's file system");
        }
        return vm.register(this, events);
    }

    @Override
    public int compareTo(final Path other) {
        return text.compareTo(of(other).text);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof VmPath vm && vm.fileSystem == fileSystem && vm.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
