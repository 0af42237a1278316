/**
 * Ways of calling from one process into another, VMRPC's among them: each is one class with both ends. {@link io.vmrpc.bench.peer.PeerMain} is the main class of
 * the two processes.
 */
package io.vmrpc.bench.peer;
