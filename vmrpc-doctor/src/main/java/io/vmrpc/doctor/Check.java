package io.vmrpc.doctor;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * One thing to look at.
 *
 * @param name a word that stays the same from release to release
 * @param roles where it matters
 * @param look reads only; a finding for each thing, none for what another check has found to be absent
 */
record Check(String name, Set<Role> roles, Function<Machine, List<Finding>> look) {
    static Check both(String name, Function<Machine, Finding> look) {
        return new Check(name, EnumSet.allOf(Role.class), look.andThen(List::of));
    }

    static Check host(String name, Function<Machine, Finding> look) {
        return new Check(name, EnumSet.of(Role.HOST), look.andThen(List::of));
    }

    static Check guest(String name, Function<Machine, Finding> look) {
        return new Check(name, EnumSet.of(Role.GUEST), look.andThen(List::of));
    }

    static Check bothSeveral(String name, Function<Machine, List<Finding>> look) {
        return new Check(name, EnumSet.allOf(Role.class), look);
    }

    static Check hostSeveral(String name, Function<Machine, List<Finding>> look) {
        return new Check(name, EnumSet.of(Role.HOST), look);
    }
}
