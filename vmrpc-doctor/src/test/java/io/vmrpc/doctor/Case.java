package io.vmrpc.doctor;

import java.util.function.UnaryOperator;

/**
 * A row of the table: what is changed on a good machine, and what one check must then say.
 *
 * @param found part of what is found
 * @param remedy part of the remedy; empty for none
 */
record Case(Role role, String check, UnaryOperator<FakeTree> change, Level level, String found, String remedy) {
    static Case host(String check, UnaryOperator<FakeTree> change, Level level, String found, String remedy) {
        return new Case(Role.HOST, check, change, level, found, remedy);
    }

    static Case guest(String check, UnaryOperator<FakeTree> change, Level level, String found, String remedy) {
        return new Case(Role.GUEST, check, change, level, found, remedy);
    }

    @Override
    public String toString() {
        return role.word() + " " + check + " " + level.word() + ": " + found;
    }
}
