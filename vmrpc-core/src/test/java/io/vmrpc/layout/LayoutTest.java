package io.vmrpc.layout;

import static org.junit.jupiter.api.Assertions.*;

import io.vmrpc.error.ProtocolViolation.Rule;
import io.vmrpc.file.FileAttributesDescriptor;
import io.vmrpc.file.FileChangeDescriptor;
import io.vmrpc.file.FileEntryDescriptor;
import io.vmrpc.layout.Layout.Field;
import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketEventDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** docs/protocol.md, vmrpc_abi.h and the descriptors of this package, field by field and in both directions. */
@Timeout(60)
class LayoutTest {
    /** Structures that are made of lines and have no table of their own. */
    private static final Set<String> WHOLES = Set.of("vmrpc_header", "vmrpc_slot", "vmrpc_channel_header");
    /** What only the native side needs. */
    private static final Set<String> NATIVE_ONLY = Set.of("VERSION_MAJOR", "VERSION_MINOR", "PORT", "CALL_PARK", "CALL_DOORBELL",
        "SUBMIT_FLAGS", "SHIM_NONE", "INSTRUCTION_NONE", "LINK_LINKED", "NO_SLOT");
    /** What Java derives. */
    private static final Set<String> JAVA_ONLY = Set.of("VERSION", "FEATURES", "DEMANDS", "LINKED");

    /** Where a structure stands in which descriptor, and what its constants are called beyond the field's name. */
    private record Place(Class<?> descriptor, int base, String prefix) {
    }

    private static final Map<String, Place> PLACES = Map.ofEntries(
        Map.entry("vmrpc_identity", new Place(HeaderDescriptor.class, 0, "")),
        Map.entry("vmrpc_agent_line", new Place(HeaderDescriptor.class, HeaderDescriptor.AGENT, "")),
        Map.entry("vmrpc_agent_sleep_line", new Place(HeaderDescriptor.class, HeaderDescriptor.AGENT_SLEEP, "")),
        Map.entry("vmrpc_guest_line", new Place(HeaderDescriptor.class, HeaderDescriptor.GUEST, "")),
        Map.entry("vmrpc_shim_line", new Place(HeaderDescriptor.class, HeaderDescriptor.SHIM, "")),
        Map.entry("vmrpc_slot_guest_line", new Place(SlotDescriptor.class, SlotDescriptor.GUEST, "")),
        Map.entry("vmrpc_slot_agent_line", new Place(SlotDescriptor.class, SlotDescriptor.AGENT, "")),
        Map.entry("vmrpc_slot_shim_line", new Place(SlotDescriptor.class, SlotDescriptor.SHIM, "")),
        Map.entry("vmrpc_channel_guest_line", new Place(ChannelDescriptor.class, ChannelDescriptor.GUEST, "")),
        Map.entry("vmrpc_channel_agent_line", new Place(ChannelDescriptor.class, ChannelDescriptor.AGENT, "")),
        Map.entry("vmrpc_channel_blocked_line", new Place(ChannelDescriptor.class, ChannelDescriptor.BLOCKED, "")),
        Map.entry("vmrpc_submission", new Place(SubmissionDescriptor.class, 0, "PAYLOAD_")),
        Map.entry("vmrpc_completion", new Place(CompletionDescriptor.class, 0, "PAYLOAD_")),
        Map.entry("vmrpc_socket_address", new Place(SocketAddressDescriptor.class, 0, "")),
        Map.entry("vmrpc_socket_event", new Place(SocketEventDescriptor.class, 0, "")),
        Map.entry("vmrpc_file_attributes", new Place(FileAttributesDescriptor.class, 0, "")),
        Map.entry("vmrpc_file_entry", new Place(FileEntryDescriptor.class, 0, "NAME_")),
        Map.entry("vmrpc_file_change", new Place(FileChangeDescriptor.class, 0, "NAME_")),
        Map.entry("vmrpc_link_hello", new Place(LinkDescriptor.class, 0, "HELLO_")),
        Map.entry("vmrpc_link_welcome", new Place(LinkDescriptor.class, 0, "WELCOME_")));

    @Test
    void theDocumentSaysWhatTheHeaderDoes() throws IOException {
        final Set<Field> header = new TreeSet<>(Layout.ofC().fields());
        header.removeIf(field -> WHOLES.contains(field.structure()));
        final Set<Field> document = Layout.ofDocument().fields();
        assertFalse(document.isEmpty());
        assertEquals(lines(header), lines(document));
    }

    private static String lines(final Set<Field> fields) {
        return fields.stream().map(Field::toString).collect(Collectors.joining("\n"));
    }

    @Test
    void everyStructureIsFilledWithoutHoles() {
        final Map<String, List<Field>> structures = new TreeMap<>();
        Layout.ofC().fields().forEach(field -> structures.computeIfAbsent(field.structure(), name -> new ArrayList<>()).add(field));
        structures.remove("vmrpc_header"); // the rest of its page is unused
        structures.forEach((name, fields) -> {
            fields.sort((a, b) -> a.offset() - b.offset());
            int end = 0;
            for (final Field field : fields) {
                assertEquals(end, field.offset(), field::toString);
                end += field.size();
            }
            final int unit = name.startsWith("vmrpc_link") ? 32 : name.startsWith("vmrpc_socket") || name.startsWith("vmrpc_file_") ? 8 : Protocol.LINE;
            assertEquals(0, end % unit, name);
        });
    }

    @Test
    void theDescriptorsSayWhatTheHeaderDoes() {
        final Map<Class<?>, Set<String>> seen = new HashMap<>();
        for (final Field field : Layout.ofC().fields()) {
            if (!WHOLES.contains(field.structure()) && !field.isReserved()) {
                final Place place = PLACES.get(field.structure());
                assertNotNull(place, () -> "no descriptor is known for " + field);
                final String name = name(place, field);
                assertEquals((long)(place.base() + field.offset()), constants(place.descriptor()).get(name), () -> field + " is " + name);
                seen.computeIfAbsent(place.descriptor(), descriptor -> new HashSet<>()).add(name);
            }
        }
        seen.forEach(LayoutTest::assertNothingElse);
    }

    private static String name(final Place place, final Field field) {
        final String plain = field.name().toUpperCase(Locale.ROOT);
        final boolean isPrefixed = constants(place.descriptor()).containsKey(place.prefix() + plain);
        return isPrefixed ? place.prefix() + plain : plain;
    }

    /** Apart from fields a descriptor names only its length and its lines. */
    private static void assertNothingElse(final Class<?> descriptor, final Set<String> fields) {
        final Set<String> others = new TreeSet<>(constants(descriptor).keySet());
        others.removeAll(fields);
        others.removeAll(Set.of("LENGTH", "HEADER_LENGTH", "AGENT", "AGENT_SLEEP", "GUEST", "SHIM", "BLOCKED"));
        assertEquals(Set.of(), others, descriptor::getSimpleName);
    }

    @Test
    void wholesAreMadeOfTheirLines() {
        final Map<String, Integer> lines = Map.of("vmrpc_header agent", HeaderDescriptor.AGENT,
            "vmrpc_header agent_sleep", HeaderDescriptor.AGENT_SLEEP, "vmrpc_header guest", HeaderDescriptor.GUEST,
            "vmrpc_header shim", HeaderDescriptor.SHIM, "vmrpc_slot guest", SlotDescriptor.GUEST,
            "vmrpc_slot agent", SlotDescriptor.AGENT, "vmrpc_slot shim", SlotDescriptor.SHIM,
            "vmrpc_channel_header guest", ChannelDescriptor.GUEST, "vmrpc_channel_header agent", ChannelDescriptor.AGENT,
            "vmrpc_channel_header blocked", ChannelDescriptor.BLOCKED);
        final Map<String, Integer> inC = Layout.ofC().fields().stream().filter(field -> WHOLES.contains(field.structure()))
            .collect(Collectors.toMap(field -> field.structure() + " " + field.name(), Field::offset));
        lines.forEach((name, offset) -> assertEquals(offset, inC.get(name), name));
        assertEquals(SlotDescriptor.LENGTH, inC.get("vmrpc_slot reserved") + 64);
        assertEquals(ChannelDescriptor.HEADER_LENGTH, inC.get("vmrpc_channel_header reserved") + 64);
    }

    @Test
    void theConstantsAreTheSame() {
        final Map<String, Long> java = constants(Protocol.class);
        final Set<String> unknown = new TreeSet<>(java.keySet());
        unknown.removeAll(JAVA_ONLY);
        final Map<String, Long> inC = Layout.ofC().constants();
        assertFalse(inC.isEmpty());
        inC.forEach((full, value) -> {
            final String name = full.substring("VMRPC_".length());
            unknown.remove(name);
            if (java.containsKey(name) && !name.equals("NO_SLOT")) {
                assertEquals(value, java.get(name), name);
            } else if (!name.startsWith("WAKE_") && !name.startsWith("VIOLATION_") && !name.startsWith("REFUSAL_")) {
                assertTrue(NATIVE_ONLY.contains(name), () -> name + " is missing in Protocol");
            }
        });
        assertEquals(Set.of(), unknown, "constants that the C header does not have");
        assertEquals((int)(long)inC.get("VMRPC_NO_SLOT"), Protocol.NO_SLOT);
        assertEquals(inC.get("VMRPC_LINK_LINKED"), (long)Protocol.LINKED);
        assertEquals(inC.get("VMRPC_VERSION_MAJOR") << 16 | inC.get("VMRPC_VERSION_MINOR"), (long)Protocol.VERSION);
    }

    @Test
    void theViolationsAreTheSame() {
        final Map<String, Long> inC = new TreeMap<>();
        Layout.ofC().constants().forEach((name, value) -> {
            if (name.startsWith("VMRPC_VIOLATION_")) {
                inC.put(name.substring("VMRPC_VIOLATION_".length()), value);
            }
        });
        assertEquals(inC, new TreeMap<>(Arrays.stream(Rule.values()).collect(Collectors.toMap(Rule::name, rule -> (long)rule.ordinal()))));
    }

    private static Map<String, Long> constantsOf(final Class<?> type) throws IllegalAccessException {
        final Map<String, Long> constants = new TreeMap<>();
        for (final java.lang.reflect.Field field : type.getFields()) {
            constants.put(field.getName(), ((Number)field.get(null)).longValue());
        }
        return constants;
    }

    private static Map<String, Long> constants(final Class<?> type) {
        try {
            return constantsOf(type);
        } catch (final IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
