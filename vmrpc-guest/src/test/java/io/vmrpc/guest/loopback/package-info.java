/**
 * The whole path without a VM: a guest calls an agent, in this process or in another one, and parks in the loopback shim.
 * Every test has a watchdog: a lost wake-up would otherwise hang the build for the 60 s of a park, again and again.
 */
package io.vmrpc.guest.loopback;
