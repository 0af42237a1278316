/**
 * The park handshake of docs/protocol.md, section 7: the guest's half ({@link io.vmrpc.park.Parker}) and the agent's half
 * ({@link io.vmrpc.park.EventCounter}). Each has one full fence, and they are partners: without either a wake-up is lost.
 */
package io.vmrpc.park;
