/** Tests of the agent, against a guest that speaks the protocol by hand. */
package io.vmrpc.host;
