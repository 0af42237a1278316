/** Tests of the operator's policy: its file, its judgement, its rates. */
package io.vmrpc.host.policy;
