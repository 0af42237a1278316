package io.vmrpc.host.vcpu;

import java.io.IOException;

/** A vCPU's thread cannot be controlled as asked; nothing stays changed. The message is one sentence: what is wrong and what to do. */
public final class VcpuControlException extends IOException {
    private static final long serialVersionUID = 1;

    VcpuControlException(final String message) {
        super(message);
    }

    VcpuControlException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
