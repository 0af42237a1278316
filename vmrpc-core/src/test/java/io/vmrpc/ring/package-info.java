/** Tests of the rings: units, order of stores, and a model. */
package io.vmrpc.ring;
