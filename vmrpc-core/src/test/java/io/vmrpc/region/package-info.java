/** Tests of the shared file. */
package io.vmrpc.region;
