package io.vmrpc.host.policy;

/**
 * What a policy says to one address.
 *
 * @param isAllowed whether the guest may.
 * @param rule that decided; {@link #DEFAULT_RULE} if none matched, which refuses.
 */
public record Verdict(boolean isAllowed, String rule) {
    /** What decides when no rule matches. */
    public static final String DEFAULT_RULE = "default";

    static final Verdict NO_MATCH = new Verdict(false, DEFAULT_RULE);
}
