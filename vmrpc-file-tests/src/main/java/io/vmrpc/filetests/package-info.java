/** Test cases and programs that were written by others, over the file system of a host's exports: in loopback, and in a real guest. */
package io.vmrpc.filetests;
