package io.vmrpc.cli;

import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;

/** Service {@code echo}: answers with the request's bytes. For first steps and checks. */
final class EchoService implements Service {
    @Override
    public String name() {
        return "echo";
    }

    @Override
    public void onRequest(final Request request) {
        request.reply(request.payload(), request.offset(), request.length());
    }
}
