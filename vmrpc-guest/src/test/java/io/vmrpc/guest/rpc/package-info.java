/** Typed calls in loopback. */
package io.vmrpc.guest.rpc;
