package io.vmrpc.error;

/** The agent completed a request with a status other than OK. */
public final class StatusException extends VmrpcException {
    private static final long serialVersionUID = 1;
    private final Status status;
    private final int detail;

    /**
     * Creates an exception.
     *
     * @param status of the completion.
     * @param detail errno or the service's own number, 0 for none.
     * @param text from the service, may be empty.
     */
    public StatusException(final Status status, final int detail, final String text) {
        super(status + (detail == 0 ? "" : " (detail=" + detail + ")") + (text.isEmpty() ? "" : ": " + text));
        this.status = status;
        this.detail = detail;
    }

    /**
     * Outcome of the request.
     *
     * @return never OK.
     */
    public Status status() {
        return status;
    }

    /**
     * What the service adds.
     *
     * @return errno or a number of the service; 0: nothing.
     */
    public int detail() {
        return detail;
    }
}
