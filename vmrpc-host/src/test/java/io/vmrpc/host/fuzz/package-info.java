/** A guest that writes whatever it likes wherever it likes, while an honest one wants its answers. */
package io.vmrpc.host.fuzz;
