package io.vmrpc.host.service;

import java.nio.file.Path;

/**
 * Which session a request belongs to.
 *
 * @param id unique in this process.
 * @param region that the guest uses.
 */
public record SessionInfo(long id, Path region) {
}
