package io.vmrpc.host.policy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Turns a policy file into a policy. Everything in it must be understood: a key that is misspelt would otherwise be a rule less. */
final class PolicyFile {
    private PolicyFile() {
    }

    static Policy read(final Path file) throws PolicyException {
        final FileNode root = FileNodeReader.read(file);
        root.requireKeys("guests");
        final Map<String, GuestPolicy> guests = new LinkedHashMap<>();
        for (final FileNode guest : root.required("guests").items()) {
            guest.requireKeys("region", "limits", "rules", "exports");
            final FileNode region = guest.required("region");
            region.check(PathGlob::parse);
            final GuestPolicy policy = GuestPolicy.of(limits(guest.optional("limits")), rules(guest.optional("rules")),
                exports(guest.optional("exports")));
            if (guests.putIfAbsent(region.text(), policy) != null) {
                throw region.refused("'" + region.text() + "' has an entry already: put its rules into one");
            }
        }
        return Policy.of(guests);
    }

    private static Limits limits(final FileNode node) throws PolicyException {
        final Limits usual = Limits.DEFAULT;
        if (node == null) {
            return usual;
        }
        node.requireKeys("sockets", "buffer", "bytes-per-second", "packets-per-second");
        final FileNode sockets = node.optional("sockets");
        final FileNode buffer = node.optional("buffer");
        final FileNode bytes = node.optional("bytes-per-second");
        final FileNode packets = node.optional("packets-per-second");
        return new Limits(
            sockets == null ? usual.sockets() : sockets.as(text -> (int)Quantity.count(text, 1, Limits.MAX_SOCKETS)),
            buffer == null ? usual.bufferBytes() : buffer.as(text -> (int)Quantity.size(text, Limits.MIN_BUFFER, Limits.MAX_BUFFER)),
            bytes == null ? usual.bytesPerSecond() : bytes.as(text -> Quantity.size(text, 1, Limits.MAX_RATE)),
            packets == null ? usual.packetsPerSecond() : packets.as(text -> Quantity.count(text, 1, Limits.MAX_RATE)));
    }

    private static List<Rule> rules(final FileNode node) throws PolicyException {
        final List<Rule> rules = new ArrayList<>();
        final Set<String> names = new HashSet<>();
        for (final FileNode item : node == null ? List.<FileNode>of() : node.items()) {
            final Rule rule = rule(item);
            if (!names.add(rule.name())) {
                throw item.required("name").refused("'" + rule.name() + "' is the name of an earlier rule: give each its own");
            }
            rules.add(rule);
        }
        return rules;
    }

    private static Rule rule(final FileNode node) throws PolicyException {
        node.requireKeys("name", "action", "direction", "protocol", "addresses", "ports", "peers", "paths");
        final String name = node.required("name").as(RuleBuilder::requireName);
        final FileNode action = node.optional("action");
        final RuleBuilder rule = action == null || action.oneOf("allow", "deny") == 0 ? Rule.allow(name) : Rule.deny(name);
        rule.direction(node.required("direction").oneOf("outbound", "inbound") == 0 ? Direction.OUTBOUND : Direction.INBOUND);
        final FileNode protocol = node.optional("protocol");
        if (protocol != null) {
            for (final FileNode item : protocol.someItems()) {
                rule.transports(item.oneOf("udp", "tcp") == 0 ? Transport.UDP : Transport.TCP);
            }
        } else if (node.optional("paths") != null) {
            rule.transports(Transport.UNIX);
        }
        each(node.optional("addresses"), rule::addresses);
        each(node.optional("ports"), rule::ports);
        each(node.optional("peers"), rule::peers);
        each(node.optional("paths"), rule::paths);
        return node.make(rule::build);
    }

    private static List<Export> exports(final FileNode node) throws PolicyException {
        final List<Export> exports = new ArrayList<>();
        final Set<String> names = new HashSet<>();
        for (final FileNode item : node == null ? List.<FileNode>of() : node.items()) {
            final Export export = export(item);
            if (!names.add(export.name())) {
                throw item.required("name").refused("'" + export.name() + "' is the name of an earlier export: give each its own");
            }
            exports.add(export);
        }
        return exports;
    }

    private static Export export(final FileNode node) throws PolicyException {
        node.requireKeys("name", "folder", "access", "bytes", "files", "handles");
        final String name = node.required("name").text();
        final Path folder = node.required("folder").as(Path::of);
        final FileNode access = node.optional("access");
        final boolean isReadOnly = access == null || access.oneOf("read-only", "read-write") == 0;
        final FileNode bytes = node.optional("bytes");
        final FileNode files = node.optional("files");
        final FileNode handles = node.optional("handles");
        final long mostBytes = bytes == null ? Export.UNLIMITED : bytes.as(text -> Quantity.size(text, 1, Export.MAX_QUOTA));
        final long mostFiles = files == null ? Export.UNLIMITED : files.as(text -> Quantity.count(text, 1, Export.MAX_QUOTA));
        final int most = handles == null ? Export.DEFAULT_HANDLES : handles.as(text -> (int)Quantity.count(text, 1, Export.MAX_HANDLES));
        return node.make(() -> new Export(name, folder, isReadOnly, mostBytes, mostFiles, most));
    }

    private static void each(final FileNode list, final Consumer<String> taker) throws PolicyException {
        if (list != null) {
            for (final FileNode item : list.someItems()) {
                item.check(taker);
            }
        }
    }
}
