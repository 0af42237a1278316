/** What the processor accepts and refuses. */
package io.vmrpc.processor;
