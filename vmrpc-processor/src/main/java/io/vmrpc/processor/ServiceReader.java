package io.vmrpc.processor;

import com.palantir.javapoet.ClassName;
import io.vmrpc.rpc.VmService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Types;

/** Reads an annotated interface, or tells what is wrong with it. */
final class ServiceReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,56}");
    private static final int MAX_VERSION = 9999;
    private final Problems problems;
    private final MethodReader methods;
    private final Types types;

    ServiceReader(final Problems problems, final Types types) {
        this.problems = problems;
        this.types = types;
        methods = new MethodReader(problems);
    }

    /** The service, or null if something is wrong with it. */
    Service read(final TypeElement type) {
        final int before = problems.count();
        final VmService annotation = type.getAnnotation(VmService.class);
        checkType(type);
        if (!NAME.matcher(annotation.name()).matches()) {
            problems.tell(type, "the service's name \"" + annotation.name() + "\" must be 1 to 56 letters, digits, dots, hyphens and underscores");
        }
        if (annotation.version() < 1 || annotation.version() > MAX_VERSION) {
            problems.tell(type, "the service's version " + annotation.version() + " must be 1 to " + MAX_VERSION);
        }
        if (problems.count() > before) {
            return null;
        }
        final List<Method> read = readMethods(type);
        if (read.isEmpty() && problems.count() == before) {
            problems.tell(type, "the service has no methods: add one");
        }
        checkIds(type, read);
        checkLabels(type, read);
        return problems.count() > before ? null
            : new Service(type, ClassName.get(type), isPublic(type), annotation.name(), annotation.version(), read);
    }

    private void checkType(final TypeElement type) {
        if (type.getKind() != ElementKind.INTERFACE) {
            problems.tell(type, "@VmService stands on " + type.getSimpleName() + ", which is no interface: move the methods to an interface");
        }
        if (!type.getTypeParameters().isEmpty()) {
            problems.tell(type, type.getSimpleName() + " is generic: a service's types must be known when it is compiled");
        }
        if (type.getModifiers().contains(Modifier.PRIVATE)) {
            problems.tell(type, type.getSimpleName() + " is private, so that generated code cannot reach it: make it visible in its package");
        }
    }

    private static boolean isPublic(final TypeElement type) {
        for (Element each = type; each instanceof TypeElement; each = each.getEnclosingElement()) {
            if (!each.getModifiers().contains(Modifier.PUBLIC)) {
                return false;
            }
        }
        return true;
    }

    private List<Method> readMethods(final TypeElement type) {
        final Map<String, ExecutableElement> found = new LinkedHashMap<>();
        collect(type, found, new HashSet<>());
        final Set<String> names = new HashSet<>();
        final Set<String> overloaded = found.values().stream().map(method -> method.getSimpleName().toString())
            .filter(name -> !names.add(name)).collect(Collectors.toSet());
        final List<Method> read = new ArrayList<>();
        for (final ExecutableElement method : found.values()) {
            final Method each = methods.read(method, method.getEnclosingElement().equals(type) ? method : type,
                overloaded.contains(method.getSimpleName().toString()));
            if (each != null) {
                read.add(each);
            }
        }
        return read;
    }

    /** Own methods in their order, then inherited ones. Default and static methods stay where they are called. */
    private void collect(final TypeElement type, final Map<String, ExecutableElement> found, final Set<String> local) {
        for (final ExecutableElement method : ElementFilter.methodsIn(type.getEnclosedElements())) {
            final String signature = method.getSimpleName() + method.getParameters().stream()
                .map(parameter -> types.erasure(parameter.asType()).toString()).collect(Collectors.joining(",", "(", ")"));
            if (!method.getModifiers().contains(Modifier.ABSTRACT)) {
                local.add(signature);
            } else if (!local.contains(signature)) {
                found.putIfAbsent(signature, method);
            }
        }
        for (final TypeMirror parent : type.getInterfaces()) {
            collect((TypeElement)((DeclaredType)parent).asElement(), found, local);
        }
    }

    private void checkIds(final TypeElement type, final List<Method> read) {
        final Map<Integer, Method> byId = new LinkedHashMap<>();
        for (final Method method : read) {
            final Method other = byId.putIfAbsent(method.id(), method);
            if (other != null) {
                problems.tell(type, "methods " + other.name() + " and " + method.name() + " have the same number " + method.id() +
                    ": give one of them another with @MethodId");
            }
        }
    }

    /** Two types of the same name would have the same generated method. */
    private void checkLabels(final TypeElement type, final List<Method> read) {
        final Map<String, WireType> byLabel = new LinkedHashMap<>();
        for (final WireType each : UsedTypes.of(read)) {
            final WireType other = byLabel.putIfAbsent(each.label(), each);
            if (other != null && !other.equals(each)) {
                problems.tell(type, "types " + other.javaType() + " and " + each.javaType() + " have the same name in one service: rename one of them");
            }
        }
    }
}
