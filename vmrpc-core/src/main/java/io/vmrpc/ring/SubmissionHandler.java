package io.vmrpc.ring;

import io.vmrpc.error.ProtocolViolation;
import org.agrona.DirectBuffer;

/** Takes submissions out of a ring. */
@FunctionalInterface
public interface SubmissionHandler {
    /**
     * Called for each submission, in order. The payload is a private copy, valid until this method returns.
     *
     * @param correlation the guest's name for the request.
     * @param operation service and method.
     * @param flags {@code SUBMIT_} bits.
     * @param deadlineNs absolute host time in ns.
     * @param payload bytes, beginning at 0.
     * @param length 0 to the payload capacity.
     * @throws ProtocolViolation if the submission breaks a rule.
     */
    void onSubmission(long correlation, int operation, int flags, long deadlineNs, DirectBuffer payload, int length)
        throws ProtocolViolation;
}
