package io.vmrpc.rpc.services;

import io.vmrpc.rpc.VmService;
import java.util.List;

/** What typed services the host offers. */
@VmService(name = "vmrpc.reflection")
public interface Reflection {
    /**
     * All of them.
     *
     * @return in the order of their names.
     */
    List<ServiceInfo> services();

    /**
     * A service.
     *
     * @param name of it.
     * @param version of its interface.
     * @param methods a line for each, which {@link io.vmrpc.rpc.schema.MethodDescriptor#parse} reads.
     */
    record ServiceInfo(String name, int version, List<String> methods) {
    }
}
