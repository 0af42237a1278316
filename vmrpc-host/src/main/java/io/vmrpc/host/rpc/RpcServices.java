package io.vmrpc.host.rpc;

import io.vmrpc.host.AgentContext;
import io.vmrpc.host.service.Service;
import io.vmrpc.rpc.ServerInterceptor;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.schema.ServiceDescriptor;
import io.vmrpc.rpc.services.HealthDispatcher;
import io.vmrpc.rpc.services.Reflection;
import io.vmrpc.rpc.services.ReflectionDispatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The typed services of an agent together, with health and reflection about them if that is wanted.
 *
 * <pre>{@code
 * RpcServices services = new RpcServices().add(RpcService.of(PlcDispatcher.of(new Machine()))).withHealth().withReflection();
 * Agent.launch(services.register(new AgentContext().region(path)));
 * services.health().mark("plc@1", Health.Serving.NOT_SERVING);
 * }</pre>
 */
public final class RpcServices implements Reflection {
    private final List<RpcService> services = new ArrayList<>();
    private final HealthBoard health = new HealthBoard();

    /** Begins with none. */
    public RpcServices() {
    }

    /**
     * Adds a service; it counts as serving.
     *
     * @param service to add.
     * @return this.
     */
    public RpcServices add(final RpcService service) {
        services.add(service);
        health.add(service.name());
        return this;
    }

    /**
     * Adds an interceptor to all services that were added before.
     *
     * @param interceptor called on the shards' threads.
     * @return this.
     */
    public RpcServices intercept(final ServerInterceptor interceptor) {
        services.forEach(each -> each.intercept(interceptor));
        return this;
    }

    /**
     * Offers {@link io.vmrpc.rpc.services.Health}.
     *
     * @return this.
     */
    public RpcServices withHealth() {
        return add(RpcService.of(HealthDispatcher.of(health)));
    }

    /**
     * Offers {@link Reflection}, for {@code ./vmrpc services} and {@code ./vmrpc call}. It tells guests what there is.
     *
     * @return this.
     */
    public RpcServices withReflection() {
        return add(RpcService.of(ReflectionDispatcher.of(this)));
    }

    /**
     * Adds all services to an agent that is to be launched.
     *
     * @param agent to serve them.
     * @return the same context.
     */
    public AgentContext register(final AgentContext agent) {
        for (final Service each : services) {
            agent.service(each);
        }
        return agent;
    }

    /**
     * Where the host's program says how its services are.
     *
     * @return for any thread.
     */
    public HealthBoard health() {
        return health;
    }

    @Override
    public List<ServiceInfo> services() {
        final List<ServiceInfo> infos = new ArrayList<>();
        for (final RpcService each : services) {
            final ServiceDescriptor service = each.descriptor();
            infos.add(new ServiceInfo(service.name(), service.version(), service.methods().stream().map(MethodDescriptor::text).toList()));
        }
        infos.sort(Comparator.comparing(ServiceInfo::name).thenComparing(ServiceInfo::version));
        return infos;
    }
}
