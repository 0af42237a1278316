/** QEMU's monitor: what the host asks of a running VM. */
package io.vmrpc.host.qmp;
