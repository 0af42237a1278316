/**
 * The host's exported folders as a file system of {@code java.nio.file} (docs/protocol.md, section 12).
 *
 * <pre>
 *   Files, FileChannel.open, Path.of("vmrpc:/...")
 *        |  VmFileSystemProvider: what java.nio.file asks for, over
 *        |  VmFileSystem   VmPath   VmFileChannel   VmDirectoryStream   VmAttributeView   VmFileStore   VmWatchService
 *        |  PathCalls   HandleCalls: one call each, errors as exceptions (FileErrors)
 *        |  Lanes: a thread borrows a channel for a call
 *        |    Lane: channel and buffers    Transfer: several requests under way for one large read or write
 *        v  Channel
 * </pre>
 */
package io.vmrpc.guest.file;
