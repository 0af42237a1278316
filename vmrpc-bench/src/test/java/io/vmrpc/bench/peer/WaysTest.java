package io.vmrpc.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.bench.report.PeerVariants;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way, both ends in this process: every answer has the bytes of its request. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaysTest {
    private static final int CALLS = 100;

    static Stream<String> variants() {
        return PeerMain.variants().stream();
    }

    private static void call(final Way.Caller caller, final int length) throws Exception {
        assertEquals(length, caller.call(length));
        for (int i = 0; i < length; i++) {
            if (caller.answer(i) != Way.request(i)) {
                throw new AssertionError("byte " + i + " of " + length + " is another one");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void answersWithTheRequest(final String variant) throws Exception {
        final Path folder = Files.createTempDirectory(Path.of("/dev/shm"), "vmrpc-ways-test"); // Aeron's files and regions belong there
        try {
            final Way way = Ways.named(variant);
            for (final int bytes : List.of(256, 16_384, Way.LONGEST)) { // ends are closed and opened again, as in a run
                try (Way.Server server = way.serve(folder, bytes); Way.Caller caller = way.connect(server.address())) {
                    for (int i = 0; i < CALLS; i++) {
                        call(caller, 1 + i);
                    }
                    call(caller, bytes);
                    call(caller, 8);
                    call(caller, bytes);
                }
            }
        } finally {
            IoUtil.delete(folder.toFile(), true);
        }
    }

    @Test
    void variantsHaveNamesOfTheirOwnAndWaitsAreKnown() {
        assertEquals(PeerMain.variants().size(), new HashSet<>(PeerMain.variants()).size());
        assertTrue(PeerMain.variants().containsAll(List.of("vmrpc-typed-spinning", "vmrpc-typed-parked", "vmrpc-raw-spinning", "vmrpc-raw-parked", "grpc-tcp", "grpc-uds", "netty-uds", "jdk-uds", "aeron-ipc")));
        assertEquals(List.of("spinning", "spinning", "parked", "blocking", "blocking"),
            Stream.of("vmrpc-raw-spinning", "aeron-ipc", "vmrpc-typed-parked", "grpc-uds", "jdk-uds").map(PeerVariants::waitOf).toList());
        assertThrows(IllegalArgumentException.class, () -> Ways.named("pigeons"));
    }

    @Test
    void requestsDifferFromPageToPage() {
        final byte[] request = Way.request();
        assertEquals(Way.LONGEST, request.length);
        assertTrue(request[0] != request[4096] && request[100] != request[100 + 256]);
    }
}
