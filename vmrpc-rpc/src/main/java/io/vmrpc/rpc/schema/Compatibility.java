package io.vmrpc.rpc.schema;

import io.vmrpc.rpc.schema.Shape.Enumeration;
import io.vmrpc.rpc.schema.Shape.Field;
import io.vmrpc.rpc.schema.Shape.ListOf;
import io.vmrpc.rpc.schema.Shape.OptionalOf;
import io.vmrpc.rpc.schema.Shape.Structure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether two peers that were compiled with different versions of an interface understand each other: one side's parameters, record fields and
 * enum constants must be the beginning of the other's, with the same names and types.
 */
public final class Compatibility {
    private Compatibility() {
    }

    /**
     * Compares a method of the guest with the host's.
     *
     * @param guest the guest's.
     * @param host the host's of the same number.
     * @return what differs, for a sentence; null if nothing does.
     */
    public static @Nullable String difference(final MethodDescriptor guest, final MethodDescriptor host) {
        if (!guest.name().equals(host.name())) {
            return "the host's method of that number is " + host.name();
        }
        if (guest.style() != host.style()) {
            return "it is " + guest.style() + " for the guest and " + host.style() + " for the host";
        }
        final String parameters = fields("parameter ", guest.parameters().fields(), host.parameters().fields());
        return parameters == null ? shapes("its result", guest.result(), host.result()) : parameters;
    }

    private static @Nullable String fields(final String where, final List<Field> guest, final List<Field> host) {
        for (int i = 0; i < Math.min(guest.size(), host.size()); i++) {
            final Field one = guest.get(i);
            final Field other = host.get(i);
            if (!one.name().equals(other.name())) {
                return where + (i + 1) + " is " + one.name() + " for the guest and " + other.name() + " for the host";
            }
            final String difference = shapes(where + one.name(), one.shape(), other.shape());
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private static @Nullable String shapes(final String where, final Shape guest, final Shape host) {
        if (guest instanceof Structure one && host instanceof Structure other) {
            return fields(where + ", field ", one.fields(), other.fields());
        }
        if (guest instanceof ListOf one && host instanceof ListOf other) {
            return shapes(where + ", element", one.element(), other.element());
        }
        if (guest instanceof OptionalOf one && host instanceof OptionalOf other) {
            return shapes(where + ", value", one.element(), other.element());
        }
        if (guest instanceof Enumeration one && host instanceof Enumeration other) {
            final int common = Math.min(one.constants().size(), other.constants().size());
            if (one.constants().subList(0, common).equals(other.constants().subList(0, common))) {
                return null;
            }
        }
        return guest.equals(host) ? null : where + " is " + guest + " for the guest and " + host + " for the host";
    }
}
