package io.vmrpc.host.service;

/** Why a request ended before its service completed it. */
public enum End {
    /** The guest cancelled it, or closed its channel. */
    CANCELLED,
    /** Its deadline passed. */
    DEADLINE,
    /** Its session ended: the guest left, died or broke the protocol, or the agent closes. */
    SESSION
}
