package io.vmrpc.error;

/** Outcome of a request. The numbers and meanings are gRPC's (grpc/doc/statuscodes.md). */
public enum Status {
    OK(0),
    CANCELLED(1),
    UNKNOWN(2),
    INVALID_ARGUMENT(3),
    DEADLINE_EXCEEDED(4),
    NOT_FOUND(5),
    ALREADY_EXISTS(6),
    PERMISSION_DENIED(7),
    RESOURCE_EXHAUSTED(8),
    FAILED_PRECONDITION(9),
    ABORTED(10),
    OUT_OF_RANGE(11),
    UNIMPLEMENTED(12),
    INTERNAL(13),
    UNAVAILABLE(14),
    DATA_LOSS(15),
    UNAUTHENTICATED(16);

    private static final Status[] BY_CODE = values();
    private final int code;

    Status(final int code) {
        this.code = code;
    }

    /**
     * The number on the wire.
     *
     * @return 0 to 16.
     */
    public int code() {
        return code;
    }

    /**
     * The status with a number.
     *
     * @param code number on the wire.
     * @return {@link #UNKNOWN} for a number that this version does not know.
     */
    public static Status of(final int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : UNKNOWN;
    }
}
