/**
 * The service "file" (docs/protocol.md, section 12): exported folders of this host for guests.
 *
 * <pre>
 *   FileService --forSession--&gt; SessionFiles: exports, handles, the session's pool
 *                                 |  FileRequests (shard): checks every number, answers from the page cache at once
 *                                 |  FileCall: a request on its way through the pool and back
 *                                 |    PathOperations   HandleOperations   (pool)
 *                                 OpenFile: a descriptor and the order of its calls
 *                                 ExportedFolder: a root descriptor, Usage of the quota
 * </pre>
 *
 * Every path is resolved by openat2(2) beneath the exported folder, each time anew: there is nothing here that could be stale. The shard
 * never waits for a disk: what is not in the caches goes to the pool.
 */
package io.vmrpc.host.file;
