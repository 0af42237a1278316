#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The built libvmrpc-qemu-kvm.so where it has nothing to do, or cannot: other programs, QEMU without a region, QEMU's children.
# usage: preload.sh FOLDER-OF-THE-LIBRARY
set -u
library=$(realpath "$1")/libvmrpc-qemu-kvm.so
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

fail() { echo "preload.sh: $*" >&2; failed=1; }

# The same output and status with and without the library, and nothing said.
unchanged() {
    "$@" >"$work/plain" 2>&1; plain=$?
    LD_PRELOAD=$library VMRPC_REGION=$work/none "$@" >"$work/preloaded" 2>&1; preloaded=$?
    [ $plain = $preloaded ] || fail "'$*' ends with $preloaded, without the library with $plain"
    cmp -s "$work/plain" "$work/preloaded" || fail "'$*' says something else: $(head -n 3 "$work/preloaded")"
}

unchanged ls /
unchanged sh -c 'for i in 1 2 3; do echo $i | cat; done; exit 7'
! command -v java >/dev/null || unchanged java -version
! command -v qemu-system-x86_64 >/dev/null || unchanged qemu-system-x86_64 -version

# QEMU runs on, says one line that names the reason, and ends by `quit`.
runs_without_parking() {
    expected=$1; shift
    echo quit | LD_PRELOAD=$library timeout 60 env "$@" qemu-system-x86_64 -accel kvm -m 16 -nodefaults -display none -monitor stdio >"$work/out" 2>&1 ||
        fail "QEMU with $* ends with $?: $(tail -n 2 "$work/out")"
    [ "$(grep -c '^vmrpc: ' "$work/out")" = 1 ] || fail "QEMU with $* should say one line: $(cat "$work/out")"
    grep -q "^vmrpc: .*$expected" "$work/out" || fail "QEMU with $* does not say '$expected': $(cat "$work/out")"
}

if ! command -v qemu-system-x86_64 >/dev/null || ! [ -r /dev/kvm ] || ! [ -w /dev/kvm ]; then
    echo "preload.sh: no QEMU or no /dev/kvm: skipped what needs them" >&2
else
    head -c 65536 /dev/zero >"$work/empty"
    printf 'VMRPC-99' | dd of="$work/foreign" bs=65536 count=1 conv=sync 2>/dev/null
    { printf 'VMRPC-01\0\0\2\0'; head -c 65524 /dev/zero; } >"$work/newer"
    runs_without_parking 'VMRPC_REGION is not set' A=1
    runs_without_parking 'start the agent first' VMRPC_REGION="$work/none"
    runs_without_parking 'has not written its identity' VMRPC_REGION="$work/empty"
    runs_without_parking 'no VMRPC region' VMRPC_REGION="$work/foreign"
    runs_without_parking 'protocol version is 2.0' VMRPC_REGION="$work/newer"
    runs_without_parking 'not a regular file' VMRPC_REGION=/dev/null
    runs_without_parking 'give auto, halted or futex' VMRPC_REGION="$work/none" VMRPC_PARK=often
    runs_without_parking 'give 10 to 1000000' VMRPC_REGION="$work/none" VMRPC_SLICE_US=1s
    # A program that QEMU starts is spared; what else is preloaded is not.
    LD_PRELOAD="$library libdl.so.2" timeout 60 qemu-system-x86_64 -accel kvm -m 16 -nodefaults -display none -S \
        -incoming "exec:env >$work/child; kill -TERM \$PPID" >"$work/out" 2>&1
    grep -q '^LD_PRELOAD=libdl.so.2$' "$work/child" || fail "the child of QEMU has $(grep LD_PRELOAD "$work/child")"
fi
[ $failed = 0 ] && echo "preload.sh passed"
exit $failed
