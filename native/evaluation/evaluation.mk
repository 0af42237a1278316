# SPDX-License-Identifier: Apache-2.0
# Programs of the evaluation: what VMs are loaded with while their independence is measured. They know nothing of VMRPC.
EVALUATION = vmrpc-mix vmrpc-stride vmrpc-transactions vmrpc-control-loop vmrpc-at

all: $(EVALUATION:%=$(OUT)/%)

$(OUT)/vmrpc-mix: evaluation/mix.c
$(EVALUATION:%=$(OUT)/%): $(OUT)/%: evaluation/%.c evaluation/window.c $(wildcard evaluation/*.h) evaluation/evaluation.mk Makefile | $(OUT)
	$(CC) $(CFLAGS) -o $@ $(filter %.c,$^)

test: mix-statements
mix-statements: evaluation/mix-statements | $(TESTS)
	evaluation/mix-statements $(TESTS)/mix-statements

.PHONY: mix-statements
