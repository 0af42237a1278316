package io.vmrpc.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors stand at their place and say what to do; what is in order gives code without warnings. */
class ServiceProcessorTest {
    private static final String HEAD = """
        package test;
        import io.vmrpc.rpc.*;
        import java.util.*;
        import java.util.concurrent.*;
        import org.agrona.DirectBuffer;
        """;
    @TempDir
    Path folder;

    private Compilation compile(final String body) throws IOException {
        return Compilation.of(folder, HEAD + body);
    }

    /** The method stands in line 8. */
    private Compilation compileMethod(final String method) throws IOException {
        return compile("""
            @VmService(name = "calc")
            public interface Calc {
            METHOD
                record Ok(int a) { }
                record Node(List<Node> children) { }
                record Box<T>(T value) { }
                record View(DirectBuffer buffer) { }
                record Deep(Hidden hidden) { }
                class Hidden { }
                enum None { }
                class Silent extends Exception { static final long serialVersionUID = 1; }
                class Loud extends Exception { static final long serialVersionUID = 1; public Loud(String m) { super(m); } }
            }
            """.replace("METHOD", method));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        void a(Object o);                             | parameter o of a has type java.lang.Object, which cannot travel: use a primitive
        void a(Map<String, String> m);                | use a List of a record with key and value
        void a(Set<String> m);                        | use a List
        void a(OptionalInt m);                        | use Optional<Integer>
        void a(Integer i);                            | which may be null: use int, or Optional<Integer>
        void a(int[] i);                              | is an array of int: use a List, or byte[] for bytes
        void a(int... i);                             | is an array of int
        void a(List l);                               | is a raw List: say of what, as in List<String>
        void a(List<?> l);                            | name the type instead of a wildcard
        void a(List<Object> l);                       | has type java.lang.Object, which cannot travel
        void a(List<DirectBuffer> l);                 | use byte[] here
        void a(View v);                               | component buffer of record View, holds a DirectBuffer
        void a(Node n);                               | contains itself, so that its depth has no bound
        void a(Box<String> b);                        | which is generic: write one record for each use
        void a(Deep d);                               | component hidden of record Deep, has type test.Calc.Hidden, which cannot travel
        void a(None n);                               | which has no constants
        Thread a();                                   | the result of a has type java.lang.Thread
        Future<String> a();                           | declare CompletionStage
        CompletableFuture<String> a();                | declare CompletionStage
        CompletionStage a();                          | say of what, as in CompletionStage<String>
        Subscription<?> a();                          | say of what, as in Subscription<String>
        Subscription<Void> a();                       | the events of a are Void
        <T> void a(T t);                              | method a is generic
        @OneWay int a();                              | is @OneWay but returns int
        @OneWay void a() throws Loud;                 | is @OneWay but declares exceptions
        @LongPolling @OneWay void a();                | is @LongPolling but has no single reply
        void a() throws Silent;                       | which the guest cannot make: give it a constructor that takes a String
        void a() throws Exception;                    | OK
        void a(int i); void a(long i);                | is overloaded, and its number comes from its name: rename it, or give it @MethodId
        @MethodId(1) void a(); @MethodId(1) void b(); | methods a and b have the same number 1: give one of them another with @MethodId
        @MethodId(65520) void a();                    | @MethodId(65520) must be 0 to 65519
        void withDeadline();                          | has the name of a method that every stub has: rename it
        """)
    void refusedMethods(final String method, final String message) throws IOException {
        final Compilation compilation = compileMethod("    " + method);
        if (message.equals("OK")) {
            assertTrue(compilation.isSuccessful(), compilation.text());
            return;
        }
        assertFalse(compilation.isSuccessful());
        assertTrue(compilation.text().contains(message), compilation.text());
        final boolean isOfWholeInterface = message.startsWith("methods a and b");
        assertTrue(compilation.diagnostics().stream().anyMatch(each -> each.getMessage(null).contains(message) &&
            each.getLineNumber() == (isOfWholeInterface ? 7 : 8)), compilation.text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        @VmService(name = "") interface Calc { }                     | must be 1 to 56 letters, digits, dots, hyphens and underscores
        @VmService(name = "a b") interface Calc { }                  | must be 1 to 56 letters
        @VmService(name = "a", version = 0) interface Calc { }       | version 0 must be 1 to 9999
        @VmService(name = "a") class Calc { }                        | which is no interface: move the methods to an interface
        @VmService(name = "a") interface Calc<T> { }                 | Calc is generic
        class Calc { @VmService(name = "a") private interface P { } } | P is private
        @VmService(name = "a") interface Calc { }                    | the service has no methods: add one
        """)
    void refusedInterfaces(final String source, final String message) throws IOException {
        final Compilation compilation = compile(source);
        assertFalse(compilation.isSuccessful());
        assertTrue(compilation.text().contains(message), compilation.text());
    }

    @Test
    void everythingThatIsInOrderCompilesWithoutWarnings() throws IOException {
        final Compilation compilation = compile("""
            /** A service. */
            @VmService(name = "calc", version = 2)
            public interface Calc extends Base {
                int out(int in, String out, long at, boolean call, byte e, List<String> view, Optional<Long> result);
                Ok classes(List<List<Optional<Ok>>> value, Kind kind, byte[] bytes, DirectBuffer buffer) throws Loud, IllegalStateException;
                @LongPolling DirectBuffer next(int reply);
                @LongPolling CompletionStage<List<Ok>> nextLater();
                Subscription<Integer> numbers(String publisher);
                @OneWay void tell(char c, float f);
                CompletionStage<Void> later(Empty empty);
                default int twice(int value) { return 2 * value; }
                static int one() { return 1; }
                record Ok(int in, String out, Kind value, Empty empty, Optional<Kind> field) { }
                record Empty() { }
                enum Kind { A, B }
                class Loud extends Exception { static final long serialVersionUID = 1; public Loud(String m) { super(m); } }
            }
            interface Base {
                short inherited(short value);
                int twice(int value);
            }
            """);
        assertTrue(compilation.isSuccessful(), compilation.text());
        for (final String role : new String[]{"Stub", "Dispatcher", "Host", "Codec"}) {
            assertTrue(Files.exists(folder.resolve("test/Calc" + role + ".class")), role);
        }
        assertTrue(Files.readString(folder.resolve("test/CalcStub.java")).startsWith("// Generated by vmrpc-processor from test.Calc."));
        assertFalse(Files.readString(folder.resolve("test/CalcStub.java")).contains("twice"), "a default method stays where it is called");
        assertEquals(2, Files.readString(folder.resolve("test/CalcHost.java")).split("LongPoll<", -1).length - 1);
    }
}
