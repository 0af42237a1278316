/** Tests of the guest's classes, one by one; the whole path is in {@link io.vmrpc.guest.loopback}. */
package io.vmrpc.guest;
