package io.vmrpc.host.file;

import io.vmrpc.host.policy.Export;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/** A folder that a session may use. */
final class ExportedFolder {
    final Export export;
    final Usage usage;
    private final byte[] name;
    /** Open files and folders, those that are being opened included. Shard's thread only. */
    int handles;
    private Descriptor root;

    ExportedFolder(final Export export) {
        this.export = export;
        name = export.name().getBytes(StandardCharsets.US_ASCII);
        usage = new Usage(export);
    }

    boolean isNamed(final DirectBuffer path, final int offset, final int length) {
        if (length != name.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (path.getByte(offset + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** Opened at its first use; a folder that is not there may come later. Shard's thread only. */
    Descriptor root() throws FileFailure {
        if (root == null) {
            final int fd = Native.vmrpc_file_export(export.folder().toString());
            if (fd < 0) {
                throw new FileFailure(-fd, "the export " + export.name() + " cannot be opened on the host (" + Errno.text(-fd) +
                    "): its operator can make the folder that the policy names");
            }
            root = new Descriptor(fd);
        }
        return root;
    }

    void requireWritable() throws FileFailure {
        if (export.isReadOnly()) {
            throw new FileFailure(Errno.EROFS, "the export " + export.name() +
                " is read-only for this guest: its operator can change that in the policy");
        }
    }

    void close() {
        if (root != null) {
            root.release();
            root = null;
        }
    }
}
