/** The {@code ./vmrpc} command: options, exit status, and nothing else. */
package io.vmrpc.cli;
