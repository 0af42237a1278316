package io.vmrpc.host.session;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.SessionInfo;
import java.util.List;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings requests to their services, and survives what the services do. */
final class Dispatch {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
    private final ChannelRequest request = new ChannelRequest();
    private final List<Service> services;
    private final RegionCounters counters;
    private final LogLimit limit;

    Dispatch(final SessionContext context, final RegionCounters counters) {
        services = context.services();
        this.counters = counters;
        limit = new LogLimit(context.clock());
    }

    void onRequest(final HostChannel channel, final long correlation, final int operation, final int flags, final long deadlineNs,
        final DirectBuffer payload, final int length) {
        final int number = operation >>> 16;
        request.wrap(channel, correlation, operation, flags, deadlineNs, payload, length);
        try {
            if (number > services.size()) {
                request.fail(Status.UNIMPLEMENTED, 0, "service=" + number + " is not known: resolve its name first");
            } else {
                call(channel.session, number - 1);
            }
        } finally {
            request.release();
        }
    }

    private void call(final Session session, final int number) {
        Service service = services.get(number);
        try {
            service = session.service(number);
            service.onRequest(request);
            if (!request.isAnswered()) {
                counters.serviceFailures().increment();
                request.fail(Status.INTERNAL, 0, "service " + service.name() + " returned without an answer: " +
                    "it must reply, fail, withhold or subscribe");
            }
        } catch (final Throwable e) { // whatever a service does, the other guests go on
            counters.serviceFailures().increment();
            if (limit.permits()) {
                LOG.error("service {} failed on a request of {}{}", service.name(), request.session().region(), limit.suppressedText(), e);
            }
            failed(service);
        }
    }

    void onListenerFailure(final SessionInfo session, final Throwable cause) {
        counters.serviceFailures().increment();
        if (limit.permits()) {
            LOG.error("a service failed when it was told of the end of a request of {}{}", session.region(), limit.suppressedText(), cause);
        }
    }

    private void failed(final Service service) {
        final String text = "service " + service.name() + " failed: see the agent's log";
        final OutstandingRequest outstanding = request.outstanding();
        if (!request.isAnswered()) {
            request.fail(Status.INTERNAL, 0, text);
        } else if (outstanding != null && outstanding.index >= 0 && !outstanding.isHeld) {
            outstanding.fail(Status.INTERNAL, 0, text);
        }
    }
}
