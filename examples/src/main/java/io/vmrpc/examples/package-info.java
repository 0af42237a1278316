/**
 * Small programs that use the API; README.md shows the marked parts.
 *
 * <pre>
 *   guest                                            host
 *   FirstCall    one call of the service echo        ./vmrpc agent, or the agent in ./vmrpc vm run
 *   ControlLoop  timer, withheld call, plain call    SampleAgent with its SampleService
 *   Ticks        subscription                        the same
 *                LoopbackExample: both without a VM
 * </pre>
 */
package io.vmrpc.examples;
