package io.vmrpc.host.service;

import io.vmrpc.error.Status;
import io.vmrpc.natives.Errno;

/** A request that a service answers with an errno. Has no stack trace: it is an answer to a guest, not a fault of the service. */
public abstract class ErrnoFailure extends Exception {
    private static final long serialVersionUID = 1;
    private final int errno;

    /**
     * An answer.
     *
     * @param errno as Linux numbers it.
     * @param text one sentence for the caller: what is wrong and what to do.
     */
    protected ErrnoFailure(final int errno, final String text) {
        super(text, null, false, false);
        this.errno = errno;
    }

    /**
     * What a system call's errno is told with.
     *
     * @param call for example {@code bind(2)}.
     * @param errno that it failed with, positive.
     * @return the text.
     */
    protected static String text(final String call, final int errno) {
        return call + " failed on the host with " + Errno.text(errno);
    }

    /**
     * The reason.
     *
     * @return positive, as Linux numbers it.
     */
    public final int errno() {
        return errno;
    }

    /**
     * What the service says for this errno.
     *
     * @return not OK.
     */
    public abstract Status status();

    /**
     * Completes a request at hand.
     *
     * @param request not answered yet.
     */
    public final void answer(final Request request) {
        request.fail(status(), errno, getMessage());
    }

    /**
     * Completes a request that was withheld.
     *
     * @param request outstanding.
     */
    public final void answer(final Withheld request) {
        request.fail(status(), errno, getMessage());
    }
}
