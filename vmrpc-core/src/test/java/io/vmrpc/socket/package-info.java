/** Tests of addresses on the wire. */
package io.vmrpc.socket;
