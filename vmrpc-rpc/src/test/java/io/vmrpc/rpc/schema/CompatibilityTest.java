package io.vmrpc.rpc.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmrpc.rpc.wire.RpcProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which changes of a method old peers bear, and what is said of the others. */
class CompatibilityTest {
    private static MethodDescriptor method(final String text) {
        return MethodDescriptor.parse("s@1", text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        call 1 a():void;                        call 1 a():void
        call 1 a(i:int):void;                   call 1 a(i:int,l:list<optional<R{x:long}>>):void
        call 1 a(r:R{x:int}):void;              call 1 a(r:Renamed{x:int,y:string}):void
        call 1 a():list<R{e:E(A|B)}>;           call 1 a():list<R{e:E(A|B|C),f:bytes}>
        """)
    void borneBothWays(final String one, final String other) {
        assertEquals(null, Compatibility.difference(method(one), method(other)));
        assertEquals(null, Compatibility.difference(method(other), method(one)));
        assertEquals(other, method(other).text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        call 1 a():void;                  call 1 b():void;                  the host's method of that number is b
        call 1 a():void;                  oneway 1 a():void;                it is CALL for the guest and ONEWAY for the host
        call 1 a(x:int,y:int):void;       call 1 a(y:int,x:int):void;       parameter 1 is x for the guest and y for the host
        call 1 a(x:int):void;             call 1 a(x:long):void;            parameter x is int for the guest and long for the host
        call 1 a():list<R{x:int}>;        call 1 a():list<R{x:string}>;     its result, element, field x is int for the guest and string for the host
        call 1 a():E(A|B);                call 1 a():E(B|A);                its result is E(A|B) for the guest and E(B|A) for the host
        call 1 a():optional<int>;         call 1 a():int;                   its result is optional<int> for the guest and int for the host
        """)
    void refused(final String guest, final String host, final String difference) {
        assertEquals(difference, Compatibility.difference(method(guest), method(host)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "call 1", "call x a():void", "shout 1 a():void", "call 1 a():", "call 1 a(:void", "call 1 a(x):void", "call 1 a():void x",
        "call 1 a():set<int>", "call 1 a():nothing", "call 1 a():E()", "call 1 a():R{x:int"})
    void malformedTextsAreRefused(final String text) {
        assertThrows(IllegalArgumentException.class, () -> method(text));
    }

    @Test
    void nestingIsBounded() {
        assertThrows(IllegalArgumentException.class, () -> method("call 1 a():" + "list<".repeat(1000) + "int" + ">".repeat(1000)));
    }

    @Test
    void numbersOfMethodsStay() {
        assertEquals(0xc634, RpcProtocol.methodId("add"));
        assertEquals(0xd6aa, RpcProtocol.methodId("nothing"));
    }

    @Test
    void boundsOfRepliesAreKnown() {
        assertEquals(2, method("call 1 a():void").maxReply());
        assertEquals(10, method("call 1 a():long").maxReply());
        assertEquals(Shape.UNBOUNDED, method("call 1 a():R{x:optional<string>}").maxReply());
    }
}
