package io.vmrpc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.rpc.RpcService;
import io.vmrpc.host.rpc.RpcServices;
import io.vmrpc.rpc.EventPublisher;
import io.vmrpc.rpc.OneWay;
import io.vmrpc.rpc.Subscription;
import io.vmrpc.rpc.VmService;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./vmrpc services} and {@code ./vmrpc call} as a guest of an agent in this process. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RpcCommandsTest {
    @TempDir
    Path folder;
    private Agent agent;
    private int status;

    /** A service with types of all kinds. */
    @VmService(name = "lab")
    interface Lab {
        Sample measure(String probe, Mode mode, Optional<Double> offset, List<Integer> channels, byte[] tag, Range range);

        String text(char c, boolean flag);

        Subscription<Long> ticks(int from);

        @OneWay
        void note(String text);

        /** How. */
        enum Mode { FAST, EXACT }

        /** A part. */
        record Range(short low, long high) {
        }

        /** A result. */
        record Sample(String probe, Mode mode, Optional<Double> offset, List<Integer> channels, byte[] tag, Range range) {
        }
    }

    /** The host's side. */
    private static final class Bench implements RpcCommandsTest_LabHost {
        @Override
        public Lab.Sample measure(final String probe, final Lab.Mode mode, final Optional<Double> offset, final List<Integer> channels, final byte[] tag,
            final Lab.Range range) {
            return new Lab.Sample(probe, mode, offset, channels, tag, range);
        }

        @Override
        public String text(final char c, final boolean flag) {
            return c + " " + flag;
        }

        @Override
        public void ticks(final int from, final EventPublisher<Long> publisher) {
            for (long i = from; i < from + 3; i++) {
                publisher.publish(i);
            }
            publisher.complete();
        }

        @Override
        public void note(final String text) {
        }
    }

    @BeforeEach
    void launch() throws IOException {
        agent = Agent.launch(new RpcServices().add(RpcService.of(RpcCommandsTest_LabDispatcher.of(new Bench()))).withHealth().withReflection()
            .register(new AgentContext().region(folder.resolve("region"))));
    }

    @AfterEach
    void close() {
        agent.close();
    }

    private String run(final Callable<Integer> command, final String... arguments) {
        final StringWriter out = new StringWriter();
        final CommandLine line = new CommandLine(command).setOut(new PrintWriter(out));
        line.setExecutionExceptionHandler((failure, ignored, result) -> {
            out.write(failure.getMessage());
            return 1;
        });
        final String[] all = new String[arguments.length + 2];
        all[0] = "--region";
        all[1] = folder.resolve("region").toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        status = line.execute(all);
        return out.toString();
    }

    private String call(final String... arguments) {
        return run(new CallCommand(), arguments);
    }

    @Test
    void servicesAreListed() {
        final String text = run(new ServicesCommand());
        assertTrue(text.contains("lab@1\n"), text);
        assertTrue(text.contains("  subscribe ticks(from:int):long\n"), text);
        assertTrue(text.contains("  call      text(c:char,flag:boolean):string\n"), text);
        assertTrue(text.contains("vmrpc.reflection@1\n"), text);
    }

    @Test
    void argumentsAndResultsAreJson() {
        assertEquals("{\"probe\":\"p 1\",\"mode\":\"EXACT\",\"offset\":-1.5,\"channels\":[1,2],\"tag\":\"AQI=\",\"range\":{\"low\":-3,\"high\":9000000000}}\n",
            call("lab", "measure", "p 1", "EXACT", "-1.5", "[1,2]", "AQI=", "{\"high\":9000000000,\"low\":-3}"));
        assertEquals("{\"probe\":\"p\",\"mode\":\"FAST\",\"offset\":null,\"channels\":[],\"tag\":\"\",\"range\":{\"low\":0,\"high\":0}}\n",
            call("lab@1", "measure", "\"p\"", "FAST", "null", "[]", "", "{\"high\":0,\"low\":0}"));
        assertEquals("\"x true\"\n", call("lab", "text", "\"x\"", "true"));
        assertEquals("5\n6\n7\n", call("lab", "ticks", "5"));
        assertEquals("5\n6\n", call("--events", "2", "lab", "ticks", "5"));
        assertEquals("", call("lab", "note", "hello"));
        assertEquals("\"SERVING\"\n", call("vmrpc.health", "check", "lab@1"));
        assertEquals(0, status);
    }

    @Test
    void mistakesAreSaid() {
        says("the agent offers no service lab@2, but lab@1, vmrpc.health@1, vmrpc.reflection@1", "lab@2", "text", "\"x\"", "true");
        says("lab@1 has no method texts, but measure(", "lab", "texts");
        says("the method takes 2 arguments and got 1", "lab", "text", "x");
        says("argument flag=1 must be JSON for boolean", "lab", "text", "\"x\"", "1");
        says("argument c=\"xy\" must be JSON for char", "lab", "text", "\"xy\"", "true");
        says("argument mode=\"SLOW\" must be JSON for Mode(FAST|EXACT)", "lab", "measure", "p", "SLOW", "null", "[]", "", "{}");
        says("argument range.low=nothing must be JSON for short", "lab", "measure", "p", "FAST", "null", "[]", "", "{}");
        says("argument from=3000000000 must be JSON for int", "lab", "ticks", "3000000000");
    }

    private void says(final String message, final String... arguments) {
        final String text = call(arguments);
        assertTrue(text.contains(message), text);
        assertEquals(1, status);
    }
}
