package io.vmrpc.cli;

import io.vmrpc.host.vcpu.VcpuControl;
import java.io.IOException;

/** The end of {@code ./vmrpc vcpu}: by a signal or by itself, with one exit status for both, since a service manager takes 143 for a failure. */
final class ControlEnd {
    private static final int SUCCESS = 0;
    private static final int FAILURE = 1;
    private VcpuControl control;
    private boolean isOver;

    /** Called once everything is set. */
    synchronized void control(final VcpuControl applied) {
        control = applied;
    }

    /** {@return the exit status} */
    synchronized int byItself() {
        isOver = true;
        return undo();
    }

    /** A shutdown hook. Runs also after {@link #byItself()} and after a failure; those have their own status. */
    synchronized void bySignal() {
        if (!isOver && control != null) {
            isOver = true;
            final int status = undo();
            VcpuCommand.say(status == SUCCESS ? "undone" : "the rest was undone");
            Runtime.getRuntime().halt(status);
        }
    }

    private int undo() {
        try {
            control.close();
            return SUCCESS;
        } catch (final IOException e) {
            VcpuCommand.say(e.getMessage());
            return FAILURE;
        }
    }
}
