/**
 * The agent's side of the protocol: handshake, channels, outstanding requests, quotas.
 *
 * <pre>
 *   ServedRegion --- Session --- HostChannel --- OutstandingRequest
 *   (handshake)     (one guest)  (two rings)     (withheld, or completion held back)
 * </pre>
 *
 * Everything belongs to the shard's thread. What a guest can write is read once by the ring classes of {@code io.vmrpc.ring} or by
 * {@link io.vmrpc.host.session.ServedRegion}, checked, and never read again.
 */
package io.vmrpc.host.session;
