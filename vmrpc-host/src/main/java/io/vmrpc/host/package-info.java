/**
 * The agent: a long-poll server for guests, one region each, on one thread per shard.
 *
 * <pre>
 *   Agent --- Shard --- Attachment --- ServedRegion   io.vmrpc.host.session: handshake, channels, requests
 *             (thread)             --- Link           io.vmrpc.host.link: the shim's socket
 *                                  --- Doorbell       io.vmrpc.host.link: the eventfd that wakes the shard
 * </pre>
 *
 * A request is read, served and completed on its shard's thread and crosses no queue.
 */
package io.vmrpc.host;
