/**
 * What the system tests run inside the guest: {@link io.vmrpc.system.guest.GuestProgram} obeys a test's words one after the other, so that
 * one JVM (whose start costs seconds under TCG) serves a whole class of tests.
 */
package io.vmrpc.system.guest;
