/** Tests in real VMs: every class boots guests, needs what {@code scripts/setup test} installs, and leaves nothing behind. */
package io.vmrpc.system;
