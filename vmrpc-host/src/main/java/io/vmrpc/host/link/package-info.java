/**
 * The Unix socket between shim and agent, and the doorbell that travels over it (docs/protocol.md, section 8).
 */
package io.vmrpc.host.link;
