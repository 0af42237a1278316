/** What guest and agent share of the service "socket" (docs/protocol.md, section 10): its numbers and its addresses. */
package io.vmrpc.socket;
