/**
 * What a measurement becomes: rows, comparisons of one run, a table for the terminal and a page for the browser.
 *
 * <pre>
 *   guest program --RowLine--&gt; host --Row--&gt; Rows (JSON file)
 *                                     |
 *                                     +--&gt; Summary --&gt; TerminalTable
 *                                             +-----&gt; HtmlReport
 * </pre>
 *
 * <p>All figures are nanoseconds. Ratios compare rows of one run only, and what was not measured is said so instead of guessed.
 * Nothing here is safe for concurrent use, except the immutable records.
 */
package io.vmrpc.bench.report;
