/** Tests that document, C header and Java descriptors say the same. */
package io.vmrpc.layout;
