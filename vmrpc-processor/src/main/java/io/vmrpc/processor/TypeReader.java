package io.vmrpc.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeName;
import io.vmrpc.processor.WireType.Bytes;
import io.vmrpc.processor.WireType.Enumeration;
import io.vmrpc.processor.WireType.ListOf;
import io.vmrpc.processor.WireType.OptionalOf;
import io.vmrpc.processor.WireType.Part;
import io.vmrpc.processor.WireType.Primitive;
import io.vmrpc.processor.WireType.Structure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** Finds out how a type travels, or tells why it cannot. */
final class TypeReader {
    private static final int MAX_DEPTH = 16;
    private static final String SUPPORTED = "use a primitive, String, byte[], DirectBuffer, an enum, a record, or an Optional or List of these";
    private static final Map<String, String> REMEDIES = Map.of(
        "java.util.OptionalInt", "use Optional<Integer>",
        "java.util.OptionalLong", "use Optional<Long>",
        "java.util.OptionalDouble", "use Optional<Double>",
        "java.util.Map", "use a List of a record with key and value",
        "java.util.Set", "use a List",
        "java.util.Collection", "use a List",
        "java.time.Duration", "use a long and say the unit in its name",
        "java.time.Instant", "use a long and say the unit in its name",
        "java.nio.ByteBuffer", "use org.agrona.DirectBuffer");

    private final Problems problems;
    private final Deque<String> records = new ArrayDeque<>();

    TypeReader(final Problems problems) {
        this.problems = problems;
    }

    /** The type of a parameter, a result or an event, where a buffer can be a view; null if it was refused. */
    WireType readTop(final TypeMirror type, final Element where, final String what) {
        return isNamed(type, "org.agrona.DirectBuffer") ? Bytes.BUFFER : read(type, where, what, false);
    }

    /** The type of an event or of a stage's result, which is boxed. */
    WireType readTopElement(final TypeMirror type, final Element where, final String what) {
        return isNamed(type, "org.agrona.DirectBuffer") ? Bytes.BUFFER : read(type, where, what, true);
    }

    private WireType read(final TypeMirror type, final Element where, final String what, final boolean isElement) {
        if (type.getKind().isPrimitive()) {
            return new Primitive(TypeName.get(type));
        }
        if (type instanceof ArrayType array) {
            return array.getComponentType().getKind() == TypeKind.BYTE ? Bytes.ARRAY
                : refuse(where, what + " is an array of " + array.getComponentType() + ": use a List, or byte[] for bytes");
        }
        if (!(type instanceof DeclaredType declared)) {
            return refuse(where, what + " has type " + type + ", which cannot travel: " + SUPPORTED);
        }
        return declared(declared, where, what, isElement);
    }

    private WireType declared(final DeclaredType type, final Element where, final String what, final boolean isElement) {
        final TypeElement element = (TypeElement)type.asElement();
        final String name = element.getQualifiedName().toString();
        final TypeName javaType = TypeName.get(type);
        if (javaType.isBoxedPrimitive()) {
            return isElement ? new Primitive(javaType.unbox())
                : refuse(where, what + " is a " + element.getSimpleName() + ", which may be null: use " + javaType.unbox() + ", or Optional<" +
                    element.getSimpleName() + ">");
        }
        return switch (name) {
            case "java.lang.String" -> Bytes.STRING;
            case "java.util.List" -> element(type, where, what, ListOf::new);
            case "java.util.Optional" -> element(type, where, what, OptionalOf::new);
            case "org.agrona.DirectBuffer" -> refuse(where, what + " holds a DirectBuffer, which would be a view of unclear life: use byte[] here, or " +
                "a DirectBuffer as parameter or result");
            default -> element.getKind() == ElementKind.ENUM ? enumeration(element, where, what)
                : element.getKind() == ElementKind.RECORD ? record(element, where, what)
                : refuse(where, what + " has type " + name + ", which cannot travel: " + REMEDIES.getOrDefault(name, SUPPORTED));
        };
    }

    private WireType element(final DeclaredType type, final Element where, final String what, final UnaryOperator<WireType> container) {
        if (type.getTypeArguments().isEmpty()) {
            return refuse(where, what + " is a raw " + type.asElement().getSimpleName() + ": say of what, as in " +
                type.asElement().getSimpleName() + "<String>");
        }
        final TypeMirror argument = type.getTypeArguments().get(0);
        if (argument.getKind() == TypeKind.WILDCARD) {
            return refuse(where, what + " is " + type + ": name the type instead of a wildcard");
        }
        final WireType element = read(argument, where, what, true);
        return element == null ? null : container.apply(element);
    }

    private WireType enumeration(final TypeElement element, final Element where, final String what) {
        final List<String> constants = element.getEnclosedElements().stream()
            .filter(each -> each.getKind() == ElementKind.ENUM_CONSTANT).map(each -> each.getSimpleName().toString()).toList();
        if (constants.isEmpty()) {
            return refuse(where, what + " has enum " + element + ", which has no constants: add one");
        }
        return visible(element, where, what) ? new Enumeration(ClassName.get(element), constants) : null;
    }

    private WireType record(final TypeElement element, final Element where, final String what) {
        final String name = element.getQualifiedName().toString();
        if (records.contains(name)) {
            return refuse(where, what + " has record " + name + ", which contains itself, so that its depth has no bound: use a List of records that refer " +
                "to each other by index");
        }
        if (!element.getTypeParameters().isEmpty()) {
            return refuse(where, what + " has record " + name + ", which is generic: write one record for each use");
        }
        if (records.size() >= MAX_DEPTH) {
            return refuse(where, what + " nests more than " + MAX_DEPTH + " records: make it flatter");
        }
        if (!visible(element, where, what)) {
            return null;
        }
        records.push(name);
        final List<Part> parts = new ArrayList<>();
        boolean isComplete = true;
        for (final RecordComponentElement component : element.getRecordComponents()) {
            final String part = what + ", component " + component.getSimpleName() + " of record " + element.getSimpleName() + ",";
            final WireType type = read(component.asType(), where, part, false);
            isComplete &= type != null;
            parts.add(new Part(component.getSimpleName().toString(), type));
        }
        records.pop();
        return isComplete ? new Structure(ClassName.get(element), List.copyOf(parts)) : null;
    }

    private boolean visible(final TypeElement type, final Element where, final String what) {
        for (Element each = type; each instanceof TypeElement; each = each.getEnclosingElement()) {
            if (each.getModifiers().contains(Modifier.PRIVATE)) {
                problems.tell(where, what + " has type " + type + ", which is private, so that generated code cannot reach it: make it visible in its package");
                return false;
            }
        }
        return true;
    }

    private WireType refuse(final Element where, final String what) {
        problems.tell(where, what);
        return null;
    }

    private static boolean isNamed(final TypeMirror type, final String name) {
        return type instanceof DeclaredType declared && ((TypeElement)declared.asElement()).getQualifiedName().contentEquals(name);
    }
}
