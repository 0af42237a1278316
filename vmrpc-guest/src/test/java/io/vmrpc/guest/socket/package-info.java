/**
 * Sockets for guests: their parts one by one, and the whole against the agent's own service in this process. Peers are the JDK's sockets.
 * Every test with a wait in it has a watchdog.
 */
package io.vmrpc.guest.socket;
