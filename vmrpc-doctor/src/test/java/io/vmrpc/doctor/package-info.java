/** Tests of the doctor on copies of /proc and /sys that say what each test wants. */
package io.vmrpc.doctor;
