/** Tests of what guest and agent share of the service "file". */
package io.vmrpc.file;
