package io.vmrpc.processor;

import javax.annotation.processing.Messager;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic;

/** Tells the user what is wrong with an interface, at its place. Whatever was told, nothing is generated for that interface. */
final class Problems {
    private final Messager messager;
    private int count;

    Problems(final Messager messager) {
        this.messager = messager;
    }

    void tell(final Element where, final String what) {
        count++;
        messager.printMessage(Diagnostic.Kind.ERROR, what, where);
    }

    int count() {
        return count;
    }
}
