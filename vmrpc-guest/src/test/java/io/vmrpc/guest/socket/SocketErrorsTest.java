package io.vmrpc.guest.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.AgentLostException;
import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.guest.socket.SocketErrors.Operation;
import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketErrorsTest {
    @ParameterizedTest
    @CsvSource({
        "111,CONNECT,java.net.ConnectException,Connection refused",
        "111,DATAGRAM,java.net.PortUnreachableException,Connection refused",
        "110,CONNECT,java.net.ConnectException,Connection timed out",
        "110,OTHER,java.net.SocketException,Connection timed out",
        "113,CONNECT,java.net.NoRouteToHostException,No route to host",
        "101,DATAGRAM,java.net.NoRouteToHostException,Network is unreachable",
        "98,OTHER,java.net.BindException,Address already in use",
        "99,OTHER,java.net.BindException,Cannot assign requested address",
        "104,OTHER,java.net.SocketException,Connection reset",
        "32,OTHER,java.net.SocketException,Broken pipe",
        "90,DATAGRAM,java.net.SocketException,Message too long",
        "12345,OTHER,java.net.SocketException,error 12345"})
    void errnoHasItsException(final int errno, final Operation operation, final Class<?> type, final String text) {
        final SocketException alone = SocketErrors.of(errno, operation, null);
        assertSame(type, alone.getClass());
        assertEquals(text, alone.getMessage());
        final StatusException answer = new StatusException(Status.UNAVAILABLE, errno, "the host's text");
        final IOException answered = SocketErrors.of(answer, operation);
        assertSame(type, answered.getClass());
        assertSame(answer, answered.getCause());
        assertTrue(answered.getMessage().startsWith(text) && answered.getMessage().contains("the host's text"), answered.getMessage());
    }

    @Test
    void refusalByThePolicyNamesItAndTheRemedy() {
        final StatusException answer = new StatusException(Status.PERMISSION_DENIED, 13, "the policy of this host does not allow it");
        final String text = SocketErrors.of(answer, Operation.OTHER).getMessage();
        assertTrue(text.contains("policy of the host's operator") && text.contains("have a rule added"), text);
        final StatusException kernel = new StatusException(Status.PERMISSION_DENIED, 13, "bind(2) failed on the host");
        final String other = SocketErrors.of(kernel, Operation.OTHER).getMessage();
        assertTrue(other.contains("kernel") && !other.contains("policy"), other);
    }

    @Test
    void lostAgentSaysWhatToDo() {
        final AgentLostException cause = new AgentLostException("gone");
        final SocketException lost = SocketErrors.lost(cause);
        assertSame(cause, lost.getCause());
        assertTrue(lost.getMessage().contains("restarted") && lost.getMessage().contains("open it again"), lost.getMessage());
    }
}
