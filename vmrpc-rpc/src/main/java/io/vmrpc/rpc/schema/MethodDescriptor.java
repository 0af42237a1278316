package io.vmrpc.rpc.schema;

import io.vmrpc.rpc.schema.Shape.Structure;
import java.util.Locale;

/** A method of a service. Its text is one line: {@code call 1a2f add(a:int,b:int):int}. Immutable. */
public final class MethodDescriptor {
    private static final int HEX = 16;
    private final String service;
    private final CallStyle style;
    private final int id;
    private final String name;
    private final Structure parameters;
    private final Shape result;
    private final long maxReply;
    private final String fullName;
    private final String argumentsText;
    private final String replyText;
    private final String eventText;

    /**
     * A method of a service.
     *
     * @param service name and version.
     * @param style how it is answered.
     * @param id its number on the wire.
     * @param name as in the interface.
     * @param parameters what it takes, without a name.
     * @param result what the reply or an event brings.
     */
    public MethodDescriptor(final String service, final CallStyle style, final int id, final String name, final Structure parameters,
        final Shape result) {
        this.service = service;
        this.style = style;
        this.id = id;
        this.name = name;
        this.parameters = parameters;
        this.result = result;
        maxReply = result.maxSize() == Shape.UNBOUNDED ? Shape.UNBOUNDED : result.maxSize() + Short.BYTES;
        fullName = service + "." + name;
        argumentsText = "the arguments of " + fullName; // made once, so that a call allocates none
        replyText = "the results of " + fullName;
        eventText = "the events of " + fullName;
    }

    /**
     * Reads a line.
     *
     * @param service name and version.
     * @param line as {@link #text} writes it.
     * @return the method.
     * @throws IllegalArgumentException if it is none.
     */
    public static MethodDescriptor parse(final String service, final String line) {
        final String[] words = line.split(" ", 3);
        if (words.length != 3) {
            throw new IllegalArgumentException("method \"" + line + "\" is not: style id signature");
        }
        final ShapeParser parser = new ShapeParser(words[2]);
        final String name = parser.name();
        final Structure parameters = parser.parameters();
        parser.expect(':');
        final Shape result = parser.shape();
        parser.end();
        return new MethodDescriptor(service, CallStyle.valueOf(words[0].toUpperCase(Locale.ROOT)), Integer.parseInt(words[1], HEX), name,
            parameters, result);
    }

    /**
     * The line that {@link #parse} reads.
     *
     * @return style, number and signature.
     */
    public String text() {
        return style.name().toLowerCase(Locale.ROOT) + " " + Integer.toHexString(id) + " " + signature();
    }

    /**
     * Name, parameters and result.
     *
     * @return for example {@code add(a:int,b:int):int}.
     */
    public String signature() {
        return name + "(" + parameters.fieldsText() + "):" + result;
    }

    /**
     * Service, version and name.
     *
     * @return for example {@code calc@1.add}.
     */
    public String fullName() {
        return fullName;
    }

    /**
     * Which service it belongs to.
     *
     * @return name and version, as in {@code calc@1}.
     */
    public String service() {
        return service;
    }

    /**
     * How it is answered.
     *
     * @return the style.
     */
    public CallStyle style() {
        return style;
    }

    /**
     * Its number on the wire.
     *
     * @return 0 to 65519.
     */
    public int id() {
        return id;
    }

    /**
     * Its name.
     *
     * @return as in the interface.
     */
    public String name() {
        return name;
    }

    /**
     * What it takes.
     *
     * @return the parameters.
     */
    public Structure parameters() {
        return parameters;
    }

    /**
     * What the reply or an event brings.
     *
     * @return the type.
     */
    public Shape result() {
        return result;
    }

    /**
     * The most bytes that a reply can take.
     *
     * @return {@link Shape#UNBOUNDED} if there is no bound.
     */
    public long maxReply() {
        return maxReply;
    }

    /**
     * The arguments' name for messages.
     *
     * @return for example {@code the arguments of calc@1.add}.
     */
    public String argumentsText() {
        return argumentsText;
    }

    /**
     * The reply's name for messages.
     *
     * @return for example {@code the results of calc@1.add}.
     */
    public String replyText() {
        return replyText;
    }

    /**
     * The events' name for messages.
     *
     * @return for example {@code the events of feed@1.quotes}.
     */
    public String eventText() {
        return eventText;
    }

    @Override
    public String toString() {
        return fullName;
    }
}
