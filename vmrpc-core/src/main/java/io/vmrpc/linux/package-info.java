/** What Linux writes and reads as text below /proc and /sys. */
package io.vmrpc.linux;
