/** What guest and agent share of the service "file" (docs/protocol.md, section 12): its numbers, its structures and how names are written. */
package io.vmrpc.file;
