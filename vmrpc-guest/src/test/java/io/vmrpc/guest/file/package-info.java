/** The file system of the host's exports, in loopback: guest and agent in this process. */
package io.vmrpc.guest.file;
