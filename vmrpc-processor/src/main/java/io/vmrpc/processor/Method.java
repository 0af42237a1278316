package io.vmrpc.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import io.vmrpc.processor.WireType.Part;
import io.vmrpc.rpc.schema.CallStyle;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.schema.Shape.Scalar;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A service's method.
 *
 * @param label its name, with its number if the name is overloaded.
 * @param result null for void.
 * @param isLater whether the guest gets a CompletionStage.
 * @param isWithheld whether the host gets a LongPoll.
 */
record Method(String name, String label, int id, CallStyle style, boolean isLater, boolean isWithheld, List<Part> parameters, WireType result,
    List<ClassName> exceptions, TypeName returnType) {

    /** The line that describes it. */
    String text() {
        return new MethodDescriptor("", style, id, name, WireType.structure("", parameters), result == null ? Scalar.VOID : result.shape()).text();
    }

    String constant() {
        return Names.constant(label);
    }

    String capitalised() {
        return Names.capitalised(label);
    }

    TypeName boxedResult() {
        return result == null ? ClassName.get(Void.class) : result.javaType().box();
    }

    /** What the host's implementation gets beside the parameters; null if it returns the result. */
    TypeName hostHandle() {
        return style == CallStyle.SUBSCRIBE ? ParameterizedTypeName.get(Names.PUBLISHER, boxedResult())
            : isWithheld ? ParameterizedTypeName.get(Names.LONG_POLL, boxedResult()) : null;
    }

    /** What the host's implementation returns. */
    TypeName hostReturnType() {
        return hostHandle() != null ? TypeName.VOID
            : isLater ? ParameterizedTypeName.get(ClassName.get(CompletionStage.class), boxedResult()) : returnType;
    }

    /** Whether the result is read as a view. */
    boolean hasViewResult() {
        return result == WireType.Bytes.BUFFER;
    }
}
