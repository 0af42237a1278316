package io.vmrpc.error;

/** A guest broke a rule of docs/protocol.md, section 9; ends its session and nothing else. */
public final class ProtocolViolation extends Exception {
    private static final long serialVersionUID = 1;
    private final Rule rule;

    /** What was broken; the ordinal is the number on the wire. */
    public enum Rule { NONE, LENGTH, FLAGS, RESERVED, CORRELATION, COMPLETION_HEAD, CONTROL, VERSION, FEATURES }

    /**
     * Creates a violation. No stack trace: a hostile guest must not make the host collect them.
     *
     * @param rule that was broken.
     * @param what the offending field and its value.
     */
    public ProtocolViolation(final Rule rule, final String what) {
        super(rule + ": " + what, null, false, false);
        this.rule = rule;
    }

    /**
     * What was broken.
     *
     * @return the rule.
     */
    public Rule rule() {
        return rule;
    }
}
