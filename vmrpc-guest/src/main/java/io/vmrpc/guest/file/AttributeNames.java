package io.vmrpc.guest.file;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Attributes by name: {@code size}, {@code posix:permissions}, {@code unix:*}. */
final class AttributeNames {
    private AttributeNames() {
    }

    static Map<String, Object> read(final VmFileAttributes from, final String attributes) {
        final int colon = attributes.indexOf(':');
        final Map<String, Object> all = all(from, colon < 0 ? "basic" : attributes.substring(0, colon));
        final Map<String, Object> chosen = new LinkedHashMap<>();
        for (final String name : attributes.substring(colon + 1).split(",")) {
            if (name.equals("*")) {
                chosen.putAll(all);
            } else if (all.containsKey(name)) {
                chosen.put(name, all.get(name));
            } else {
                throw new IllegalArgumentException("attribute '" + name + "' is not known: " + all.keySet());
            }
        }
        return chosen;
    }

    private static Map<String, Object> all(final VmFileAttributes from, final String view) {
        final Map<String, Object> all = new LinkedHashMap<>();
        if (!view.equals("owner")) {
            all.put("lastModifiedTime", from.lastModifiedTime());
            all.put("lastAccessTime", from.lastAccessTime());
            all.put("creationTime", from.creationTime());
            all.put("size", from.size());
            all.put("isRegularFile", from.isRegularFile());
            all.put("isDirectory", from.isDirectory());
            all.put("isSymbolicLink", from.isSymbolicLink());
            all.put("isOther", from.isOther());
            all.put("fileKey", from.fileKey());
        }
        switch (view) {
            case "basic" -> { }
            case "owner" -> all.put("owner", from.owner());
            case "posix", "unix" -> {
                all.put("permissions", from.permissions());
                all.put("owner", from.owner());
                all.put("group", from.group());
            }
            default -> throw new UnsupportedOperationException("the view '" + view + "' is not known: basic, posix, owner or unix");
        }
        if (view.equals("unix")) {
            all.put("mode", from.mode);
            all.put("ino", from.inode);
            all.put("nlink", from.links());
            all.put("ctime", from.changeTime());
        }
        return all;
    }

    @SuppressWarnings("unchecked") // a wrong value is the caller's ClassCastException
    static void set(final VmAttributeView view, final String attribute, final Object value) throws IOException {
        switch (attribute.substring(attribute.indexOf(':') + 1)) {
            case "lastModifiedTime" -> view.setTimes((FileTime)value, null, null);
            case "lastAccessTime" -> view.setTimes(null, (FileTime)value, null);
            case "creationTime" -> view.setTimes(null, null, (FileTime)value);
            case "permissions" -> view.setPermissions((Set<PosixFilePermission>)value);
            default -> throw new UnsupportedOperationException("attribute '" + attribute + "' cannot be set: lastModifiedTime, lastAccessTime or " +
                "posix:permissions can");
        }
    }
}
