/** In loopback: guest and agent in one process. */
package io.vmrpc.filetests;
