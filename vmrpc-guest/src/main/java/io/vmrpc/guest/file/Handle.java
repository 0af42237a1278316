package io.vmrpc.guest.file;

/**
 * What the agent opened for this guest.
 *
 * @param path it was opened by, for messages.
 * @param id on the wire.
 * @param session in which it means something.
 * @param attributes when it was opened.
 */
record Handle(VmPath path, int id, long session, VmFileAttributes attributes) {
}
