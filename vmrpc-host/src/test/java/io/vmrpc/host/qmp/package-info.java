/** Unit tests of the monitor's client. */
package io.vmrpc.host.qmp;
