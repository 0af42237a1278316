/** Runs the examples, and compares README.md with them. */
package io.vmrpc.examples;
