/**
 * Races between guest and agent, run by jcstress on the classes of vmrpc-core: the park handshake, the doorbell, blocked completions,
 * and the rings. Each test that forbids an outcome has a control: the same steps with one fence or one order missing,
 * where the outcome may be seen. A control that sees it shows that the test could.
 *
 * <p>{@link io.vmrpc.jcstress.Suite} runs them and fails on any forbidden outcome.
 */
package io.vmrpc.jcstress;
