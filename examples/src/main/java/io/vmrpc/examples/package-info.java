/**
 * Small programs that use the API; README.md shows the marked parts.
 *
 * <pre>
 *   guest                                            host
 *   FirstCall    one call of the service echo        ./vmrpc agent, or the agent in ./vmrpc vm run
 *   ControlLoop  timer, withheld call, plain call    SampleAgent with its SampleService
 *   Ticks        subscription                        the same
 *                LoopbackExample: both without a VM
 *   FirstService an interface, its host and a caller, all in one
 *   Plc          long poll and one-way calls         PlcMachine
 *   MarketData   events with credits                 MarketFeed
 * </pre>
 */
package io.vmrpc.examples;
