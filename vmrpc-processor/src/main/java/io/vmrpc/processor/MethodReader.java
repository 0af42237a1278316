package io.vmrpc.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeName;
import io.vmrpc.processor.WireType.Part;
import io.vmrpc.rpc.LongPolling;
import io.vmrpc.rpc.MethodId;
import io.vmrpc.rpc.OneWay;
import io.vmrpc.rpc.schema.CallStyle;
import io.vmrpc.rpc.wire.RpcProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;

/** Reads a method of an annotated interface, or tells what is wrong with it. */
final class MethodReader {
    private static final String STAGE = "java.util.concurrent.CompletionStage";
    private static final String SUBSCRIPTION = Names.RPC + ".Subscription";
    private static final Set<String> FUTURES = Set.of("java.util.concurrent.CompletableFuture", "java.util.concurrent.Future");
    /** Methods that every stub or object has. */
    private static final Set<String> RESERVED = Set.of("with", "withDeadline", "withDeadlineAt", "withMetadata", "withRemoteStack", "withWindow", "of",
        "hashCode", "equals", "toString", "getClass", "notify", "notifyAll", "wait", "clone", "finalize");
    private final Problems problems;
    private final TypeReader types;

    MethodReader(final Problems problems) {
        this.problems = problems;
        types = new TypeReader(problems);
    }

    /** The method, or null if something is wrong with it, which was told at {@code where}. */
    Method read(final ExecutableElement method, final Element where, final boolean isOverloaded) {
        final int before = problems.count();
        final String name = method.getSimpleName().toString();
        if (RESERVED.contains(name)) {
            problems.tell(where, "method " + name + " has the name of a method that every stub has: rename it");
        }
        if (!method.getTypeParameters().isEmpty()) {
            problems.tell(where, "method " + name + " is generic: name its types");
        }
        final int id = id(method, where, isOverloaded);
        final List<Part> parameters = parameters(method, where);
        final TypeMirror returned = method.getReturnType();
        final boolean isLater = isNamed(returned, STAGE);
        final CallStyle style = isNamed(returned, SUBSCRIPTION) ? CallStyle.SUBSCRIBE
            : method.getAnnotation(OneWay.class) != null ? CallStyle.ONEWAY : CallStyle.CALL;
        final boolean isWithheld = method.getAnnotation(LongPolling.class) != null;
        final WireType result = result(method, where, isLater || style == CallStyle.SUBSCRIBE);
        checkStyle(method, where, style, isWithheld);
        final List<ClassName> exceptions = exceptions(method, where);
        return problems.count() > before ? null : new Method(name, isOverloaded ? name + id : name, id, style, isLater, isWithheld, parameters, result,
            exceptions, TypeName.get(returned));
    }

    private int id(final ExecutableElement method, final Element where, final boolean isOverloaded) {
        final MethodId fixed = method.getAnnotation(MethodId.class);
        if (fixed == null) {
            if (isOverloaded) {
                problems.tell(where, "method " + method.getSimpleName() + " is overloaded, and its number comes from its name: rename it, or give it @MethodId");
            }
            return RpcProtocol.methodId(method.getSimpleName().toString());
        }
        if (fixed.value() < 0 || fixed.value() >= RpcProtocol.METHOD_LIMIT) {
            problems.tell(where, "@MethodId(" + fixed.value() + ") must be 0 to " + (RpcProtocol.METHOD_LIMIT - 1));
        }
        return fixed.value();
    }

    private List<Part> parameters(final ExecutableElement method, final Element where) {
        final List<Part> parameters = new ArrayList<>();
        for (final VariableElement parameter : method.getParameters()) {
            final boolean isHere = where.equals(method);
            final WireType type = types.readTop(parameter.asType(), isHere ? parameter : where,
                "parameter " + parameter.getSimpleName() + " of " + method.getSimpleName());
            if (type != null) {
                parameters.add(new Part(parameter.getSimpleName().toString(), type));
            }
        }
        if (WireType.block(parameters) > Character.MAX_VALUE) {
            problems.tell(where, "method " + method.getSimpleName() + " has too many parameters: put them into records");
        }
        return List.copyOf(parameters);
    }

    private WireType result(final ExecutableElement method, final Element where, final boolean isWrapped) {
        final TypeMirror returned = method.getReturnType();
        final String what = "the result of " + method.getSimpleName();
        if (!isWrapped) {
            if (returned instanceof DeclaredType declared && FUTURES.contains(((TypeElement)declared.asElement()).getQualifiedName().toString())) {
                problems.tell(where, what + " is a " + declared.asElement().getSimpleName() + ": declare CompletionStage");
                return null;
            }
            return returned.getKind() == TypeKind.VOID ? null : types.readTop(returned, where, what);
        }
        final DeclaredType wrapper = (DeclaredType)returned;
        if (wrapper.getTypeArguments().isEmpty() || wrapper.getTypeArguments().get(0).getKind() == TypeKind.WILDCARD) {
            problems.tell(where, what + " is " + returned + ": say of what, as in " + wrapper.asElement().getSimpleName() + "<String>");
            return null;
        }
        final TypeMirror argument = wrapper.getTypeArguments().get(0);
        return isNamed(argument, "java.lang.Void") ? null : types.readTopElement(argument, where, what);
    }

    private void checkStyle(final ExecutableElement method, final Element where, final CallStyle style, final boolean isWithheld) {
        final String name = method.getSimpleName().toString();
        if (method.getAnnotation(OneWay.class) != null && method.getReturnType().getKind() != TypeKind.VOID) {
            problems.tell(where, "method " + name + " is @OneWay but returns " + method.getReturnType() + ": return void, or remove @OneWay");
        }
        if (style == CallStyle.ONEWAY && !method.getThrownTypes().isEmpty()) {
            problems.tell(where, "method " + name + " is @OneWay but declares exceptions, which nothing brings back: remove them, or @OneWay");
        }
        if (isWithheld && style != CallStyle.CALL) {
            problems.tell(where, "method " + name + " is @LongPolling but has no single reply: remove @LongPolling");
        }
        if (style == CallStyle.SUBSCRIBE && isNamed(((DeclaredType)method.getReturnType()).getTypeArguments().stream().findFirst().orElse(null),
            "java.lang.Void")) {
            problems.tell(where, "the events of " + name + " are Void: say what they carry");
        }
    }

    private List<ClassName> exceptions(final ExecutableElement method, final Element where) {
        final List<ClassName> exceptions = new ArrayList<>();
        for (final TypeMirror thrown : method.getThrownTypes()) {
            if (!(thrown instanceof DeclaredType declared)) {
                problems.tell(where, "method " + method.getSimpleName() + " throws " + thrown + ", which is no class: name an exception class");
            } else if (!isNamed(thrown, Names.EXCEPTION.canonicalName())) {
                final TypeElement type = (TypeElement)declared.asElement();
                if (hasMessageConstructor(type)) {
                    exceptions.add(ClassName.get(type));
                } else {
                    problems.tell(where, "method " + method.getSimpleName() + " throws " + type.getQualifiedName() + ", which the guest cannot make: give it a " +
                        "constructor that takes a String and is not private, and do not make it abstract");
                }
            }
        }
        return List.copyOf(exceptions);
    }

    private static boolean hasMessageConstructor(final TypeElement type) {
        return !type.getModifiers().contains(Modifier.ABSTRACT) && ElementFilter.constructorsIn(type.getEnclosedElements()).stream().anyMatch(constructor ->
            !constructor.getModifiers().contains(Modifier.PRIVATE) && constructor.getParameters().size() == 1 &&
                isNamed(constructor.getParameters().get(0).asType(), "java.lang.String"));
    }

    private static boolean isNamed(final TypeMirror type, final String name) {
        return type instanceof DeclaredType declared && ((TypeElement)declared.asElement()).getQualifiedName().contentEquals(name);
    }
}
