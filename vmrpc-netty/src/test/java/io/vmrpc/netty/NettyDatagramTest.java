package io.vmrpc.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelException;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.DatagramConnectNotExistsTest;
import io.netty.testsuite.transport.socket.DatagramConnectedWriteExceptionTest;
import io.netty.testsuite.transport.socket.DatagramMulticastIPv6Test;
import io.netty.testsuite.transport.socket.DatagramMulticastTest;
import io.netty.testsuite.transport.socket.DatagramUnicastIPv6MappedTest;
import io.netty.testsuite.transport.socket.DatagramUnicastIPv6Test;
import io.netty.testsuite.transport.socket.DatagramUnicastInetTest;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;

/** Netty's own tests of datagrams (docs/testing.md). */
@ExtendWith(Transports.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NettyDatagramTest {
    @Nested
    class UnicastInet extends DatagramUnicastInetTest {
        @Override
        protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
            return Transports.datagramPairs(socketInternetProtocalFamily());
        }
    }

    @Nested
    class UnicastIPv6 extends DatagramUnicastIPv6Test {
        @Override
        protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
            return Transports.datagramPairs(socketInternetProtocalFamily());
        }
    }

    @Nested
    class UnicastIPv6Mapped extends DatagramUnicastIPv6MappedTest {
        @Override
        protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
            return Transports.datagramPairs(socketInternetProtocalFamily());
        }
    }

    @Nested
    class Multicast extends DatagramMulticastTest {
        @Override
        protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
            return Transports.datagramPairs(socketInternetProtocalFamily());
        }

        @Override
        @Test
        public void testMulticast(final TestInfo info) throws Throwable {
            whileInterfacesGo(() -> super.testMulticast(info));
        }
    }

    @Nested
    class MulticastIPv6 extends DatagramMulticastIPv6Test {
        @Override
        protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
            return Transports.datagramPairs(socketInternetProtocalFamily());
        }

        @Override
        @Test
        public void testMulticast(final TestInfo info) throws Throwable {
            whileInterfacesGo(() -> super.testMulticast(info));
        }
    }

    @Nested
    class ConnectNotExists extends DatagramConnectNotExistsTest {
        @Override
        protected List<BootstrapFactory<Bootstrap>> newFactories() {
            return Transports.datagramClients();
        }
    }

    @Nested
    class ConnectedWriteException extends DatagramConnectedWriteExceptionTest {
        @Override
        protected List<BootstrapFactory<Bootstrap>> newFactories() {
            return Transports.datagramClients();
        }
    }

    /** The JDK fails to list interfaces, or to name one, while one of them goes, for example a virtual machine's: then the test has not begun. */
    private static void whileInterfacesGo(final Executable test) throws Throwable {
        while (true) {
            try {
                test.execute();
                return;
            } catch (final SocketException | ChannelException e) {
                if (!e.getMessage().contains("getFlags") && !e.getMessage().contains("Unable to map index to interface")) {
                    throw e;
                }
            }
        }
    }
}
