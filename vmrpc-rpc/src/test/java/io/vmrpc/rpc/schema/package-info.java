/** Descriptions as text, and their comparison. */
package io.vmrpc.rpc.schema;
