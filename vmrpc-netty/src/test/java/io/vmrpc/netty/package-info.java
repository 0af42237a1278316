/** Tests of the Netty transport, all in loopback: the agent is in this process. */
package io.vmrpc.netty;
