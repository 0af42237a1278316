package io.vmrpc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.vmrpc.guest.rpc.GuestRpc;
import io.vmrpc.rpc.CallOptions;
import io.vmrpc.rpc.Metadata;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.Subscription;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.schema.ServiceDescriptor;
import io.vmrpc.rpc.services.Reflection.ServiceInfo;
import io.vmrpc.rpc.stub.StubTransport;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./vmrpc call}: calls a method by its name, with arguments and result as JSON. */
@Command(name = "call", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Calls a method of a typed service; ./vmrpc services lists them. Prints the result as JSON, of a subscription each event in a line.")
final class CallCommand implements Callable<Integer> {
    @CommandLine.Mixin
    private RegionGuest.Choice choice;

    @Option(names = "--timeout", defaultValue = "10", paramLabel = "SECONDS", description = "how long a call may take (default: ${DEFAULT-VALUE})")
    private long timeoutSeconds;

    @Option(names = "--events", defaultValue = "10", paramLabel = "N", description = "events of a subscription to wait for (default: ${DEFAULT-VALUE})")
    private int events;

    @Option(names = "--metadata", paramLabel = "NAME=VALUE", description = "sent along; may be repeated")
    private Map<String, String> metadata = Map.of();

    @Parameters(index = "0", paramLabel = "SERVICE", description = "name, or name@version; without one the newest version")
    private String service;

    @Parameters(index = "1", paramLabel = "METHOD", description = "name of the method, or its number in hexadecimal as 0x1a2f if the name is overloaded")
    private String method;

    @Parameters(index = "2..*", paramLabel = "ARGUMENT", description = "JSON: 5, true, [1,2], {\"field\":1}, null for a missing Optional, base64 for bytes; " +
        "texts and enum constants may stand as they are")
    private List<String> arguments = List.of();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** For picocli. */
    CallCommand() {
    }

    @Override
    public Integer call() {
        try (RegionGuest guest = choice.open()) {
            final ServiceDescriptor found = service(guest.services());
            final MethodDescriptor called = method(found);
            final PrintWriter out = spec.commandLine().getOut();
            run(guest.rpc(), found, called, out);
            out.flush();
        } catch (final RpcException e) {
            throw new IllegalStateException(e.status() + ": " + e.getMessage());
        }
        return 0;
    }

    private ServiceDescriptor service(final List<ServiceInfo> services) {
        final ServiceInfo info = services.stream().filter(each -> service.equals(each.name()) || service.equals(each.name() + "@" + each.version()))
            .max(Comparator.comparing(ServiceInfo::version)).orElseThrow(() -> new IllegalArgumentException("the agent offers no service " + service + ", but " +
                services.stream().map(each -> each.name() + "@" + each.version()).collect(Collectors.joining(", "))));
        return ServiceDescriptor.of(info.name(), info.version(), info.methods().toArray(new String[0]));
    }

    private MethodDescriptor method(final ServiceDescriptor found) {
        final List<MethodDescriptor> named = found.methods().stream()
            .filter(each -> each.name().equals(method) || ("0x" + Integer.toHexString(each.id())).equals(method)).toList();
        if (named.size() == 1) {
            return named.get(0);
        }
        throw new IllegalArgumentException(found.wireName() + (named.isEmpty() ? " has no method " + method + ", but " : " has several methods " + method +
            ": name one by its number, ") + (named.isEmpty() ? found.methods() : named).stream()
            .map(each -> named.isEmpty() ? each.signature() : "0x" + Integer.toHexString(each.id()) + " " + each.signature()).collect(Collectors.joining(", ")));
    }

    private void run(final GuestRpc rpc, final ServiceDescriptor found, final MethodDescriptor called, final PrintWriter out) {
        final List<JsonNode> values = JsonValues.parse(called.parameters(), arguments);
        final CallOptions options = new CallOptions(Duration.ofSeconds(timeoutSeconds).toNanos(), Long.MAX_VALUE, new Metadata(metadata), true,
            CallOptions.DEFAULT.window());
        final StubTransport transport = rpc.connect(found);
        JsonValues.write(transport.begin(called, options), called.parameters(), values);
        switch (called.style()) {
            case ONEWAY -> transport.send();
            case CALL -> out.println(JsonValues.readResult(transport.call(), called.result()));
            case SUBSCRIBE -> {
                try (Subscription<JsonNode> subscription = transport.subscribe(in -> JsonValues.readResult(in, called.result()))) {
                    JsonNode event = events > 0 ? subscription.next() : null;
                    for (int i = 1; event != null; i++) {
                        out.println(event);
                        out.flush();
                        event = i < events ? subscription.next() : null;
                    }
                }
            }
        }
    }
}
