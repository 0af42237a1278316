package io.vmrpc.guest.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.host.rpc.RpcService;
import io.vmrpc.rpc.CallContext;
import io.vmrpc.rpc.CallCounters;
import io.vmrpc.rpc.ClientCall;
import io.vmrpc.rpc.ClientInterceptor;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.ServerInterceptor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What reaches a guest of failures, and what interceptors see and do. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailuresTest {
    @TempDir
    Path folder;
    private final EverythingService host = new EverythingService();
    private final RpcService service = RpcService.of(EverythingDispatcher.of(host));
    private RpcLoopback loopback;
    private EverythingStub stub;

    private void open() throws IOException {
        loopback = new RpcLoopback(folder, RpcLoopback.LARGE, service);
        stub = EverythingStub.of(loopback.rpc);
    }

    @AfterEach
    void close() {
        CloseHelper.close(loopback);
    }

    @Test
    void unexpectedFailureTellsNothingOfTheHost() throws IOException {
        open();
        final RpcException failure = assertThrows(RpcException.class, () -> stub.withRemoteStack().fail("secret"));
        assertEquals(Status.INTERNAL, failure.status());
        assertEquals("method everything@1.fail failed in the host: see the agent's log", failure.getMessage());
        assertNull(failure.remoteType());
        assertNull(failure.remoteStack());
        assertEquals(1, loopback.agent.counters().get(0).serviceFailures().get());
        assertEquals(3, stub.add(1, 2));
    }

    @Test
    void stackComesIfBothSidesWantIt() throws IOException {
        service.showsStacks(true);
        open();
        assertNull(assertThrows(RpcException.class, () -> stub.fail("secret")).remoteStack());
        final String stack = assertThrows(RpcException.class, () -> stub.withRemoteStack().fail("secret")).remoteStack();
        assertTrue(stack.contains("IllegalArgumentException: secret") && stack.contains("EverythingService.fail"), stack);
        final Throwable cause = assertThrows(Everything.Rejected.class, () -> stub.withRemoteStack().reject("no")).getCause();
        assertTrue(((RpcException)cause).remoteStack().contains("EverythingService.reject"));
    }

    @Test
    void nullAndHalfSurrogatesAreTheCallersMistakes() throws IOException {
        open();
        assertTrue(assertThrows(IllegalArgumentException.class, () -> stub.twice((String)null)).getMessage()
            .contains("the arguments of everything@1.twice: parameter value is null"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> stub.join(List.of("\ud800"), Optional.empty())).getMessage()
            .contains("half of a surrogate pair"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> stub.opposite(null)).getMessage().contains("parameter side is null"));
        assertEquals(3, stub.add(1, 2));
    }

    @Test
    void interceptorsSeeEveryCallOnceAndRefuse() throws IOException {
        final CallCounters counts = new CallCounters();
        final CallCounters guestCounts = new CallCounters();
        final List<String> seen = new ArrayList<>();
        service.intercept(counts).intercept(new ServerInterceptor() {
            @Override
            public void onCall(final CallContext call) {
                seen.add(call.method().name() + " " + call.metadata().values() + " " + CallContext.current().method().name());
                if (call.method().name().equals("nothing") && !"yes".equals(call.metadata().value("allowed"))) {
                    throw new RpcException(Status.PERMISSION_DENIED, "this guest may not call nothing");
                }
            }
        });
        open();
        loopback.rpc.intercept(guestCounts).intercept(new ClientInterceptor() {
            @Override
            public void onCall(final ClientCall call) {
                call.addMetadata("trace", "7ü");
            }
        });
        assertEquals(3, stub.add(1, 2));
        final RpcException refused = assertThrows(RpcException.class, stub::nothing);
        assertEquals(Status.PERMISSION_DENIED, refused.status());
        assertEquals("this guest may not call nothing", refused.getMessage());
        stub.withMetadata("allowed", "yes").nothing();
        assertThrows(IllegalArgumentException.class, () -> stub.opposite(null));
        final CompletionStage<String> stage = stub.later("never");
        stub.count(1);
        stub.counted();
        assertEquals("add {trace=7ü} add", seen.get(0));
        assertEquals("nothing {allowed=yes, trace=7ü} nothing", seen.get(2));
        assertEquals("started=2 failed=1 outstanding=0", counts.of("everything@1.nothing").toString());
        assertEquals("started=2 failed=1 outstanding=0", guestCounts.of("everything@1.nothing").toString());
        assertEquals("started=1 failed=1 outstanding=0", guestCounts.of("everything@1.opposite").toString());
        assertEquals(0, counts.of("everything@1.opposite").started());
        assertEquals(1, counts.of("everything@1.later").outstanding(), "a reply that is never given shows");
        assertEquals("started=1 failed=0 outstanding=0", counts.of("everything@1.count").toString());
        stage.toCompletableFuture().cancel(true);
        stub.counted();
        assertEquals("started=1 failed=1 outstanding=0", counts.of("everything@1.later").toString());
    }

    @Test
    void hostSeesTheDeadlineAndWhoCalls() throws IOException {
        final List<Long> deadlines = new ArrayList<>();
        final List<String> regions = new ArrayList<>();
        service.intercept(new ServerInterceptor() {
            @Override
            public void onCall(final CallContext call) {
                deadlines.add(call.deadlineNs());
                regions.add(call.region());
            }
        });
        open();
        stub.nothing();
        final long before = System.nanoTime();
        stub.withDeadline(Duration.ofSeconds(30)).nothing();
        stub.withDeadline(Duration.ofSeconds(30)).withDeadlineAt(before + 20_000_000_000L).nothing();
        assertEquals(Long.MAX_VALUE, deadlines.get(0));
        assertTrue(deadlines.get(1) - before >= 30_000_000_000L);
        assertEquals(before + 20_000_000_000L, deadlines.get(2));
        assertEquals(List.of("region", "region", "region"), regions);
        assertThrows(IllegalStateException.class, CallContext::current);
        assertEquals(Status.DEADLINE_EXCEEDED, assertThrows(RpcException.class, () -> stub.withDeadlineAt(before).nothing()).status());
    }

    @Test
    void agentsEndFailsWhatIsOutstanding() throws Exception {
        open();
        final CompletionStage<String> stage = stub.later("never");
        stub.nothing();
        loopback.agent.close();
        assertThrows(VmrpcException.class, () -> {
            while (true) {
                stub.nothing();
            }
        });
        assertTrue(stage.toCompletableFuture().isCompletedExceptionally());
        assertTrue(host.never.isCancelled());
    }

    @Test
    void unknownNameAndVersionAreSaidAtConnect() throws IOException {
        open();
        final RpcException unknown = assertThrows(RpcException.class, () -> FailuresTest_UnknownStub.of(loopback.rpc));
        assertEquals(Status.NOT_FOUND, unknown.status());
        assertTrue(unknown.getMessage().startsWith("the host offers no service unknown@1: check"), unknown.getMessage());
        final RpcException newer = assertThrows(RpcException.class, () -> FailuresTest_NewerStub.of(loopback.rpc));
        assertTrue(newer.getMessage().startsWith("the host offers no service everything@3, but version 1: check"), newer.getMessage());
        assertThrows(StatusException.class, () -> loopback.guest.resolve("everything"));
        assertFalse(loopback.guest.resolve("everything@1") == 0);
    }

    /** Nobody serves it. */
    @io.vmrpc.rpc.VmService(name = "unknown")
    interface Unknown {
        void call();
    }

    /** Nobody serves this version. */
    @io.vmrpc.rpc.VmService(name = "everything", version = 3)
    interface Newer {
        void call();
    }
}
