/** Test cases that were written by others, over the file system of a host's exports. */
package io.vmrpc.filetests;
