/** Unit tests of the parts of a session. */
package io.vmrpc.host.session;
