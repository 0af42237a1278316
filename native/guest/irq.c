/* SPDX-License-Identifier: Apache-2.0 */
#include "irq.h"

#include "console.h"
#include "cpu.h"
#include "lapic.h"
#include "vectors.h"

#define PIC1 0x20
#define PIC2 0xa0
#define PIC_EOI 0x20
#define PIT_CHANNEL0 0x40
#define PIT_COMMAND 0x43
#define PIT_ONCE 0x30      /* channel 0, both bytes, mode 0: interrupt on terminal count */
#define PIT_PERIODIC 0x34  /* mode 2: rate generator */

#define VECTOR_PIT 0x20
#define VECTOR_LAPIC 0x30
#define VECTOR_SPURIOUS 0x3f

struct irq_times irq_times;
typedef char irq_times_is_as_the_stub_says[offsetof(struct irq_times, tsc) == 4 ? 1 : -1];

void pit_stub(void);
void lapic_stub(void);
void spurious_stub(void);
void exception_stub(void);
void pit_handle(void);
void lapic_handle(void);
void exception_handle(void);

void pit_handle(void)
{
    irq_times.count++;
    out8(PIC1, PIC_EOI);
}

void lapic_handle(void)
{
    irq_times.count++;
    lapic_write(LAPIC_EOI, 0);
}

void exception_handle(void)
{
    end_guest("failed", "the CPU raised an exception");
}

static void set_vectors(void)
{
    for (uint32_t vector = 0; vector < 32; vector++)
        vector_set(vector, exception_stub);
    for (uint32_t vector = 32; vector < VECTORS; vector++)
        vector_set(vector, spurious_stub);
    vector_set(VECTOR_PIT, pit_stub);
    vector_set(VECTOR_LAPIC, lapic_stub);
    vectors_load();
}

/* The BIOS left IRQ 0 to 7 at vectors 8 to 15, which are exceptions as well. */
static void move_pic(void)
{
    static const uint8_t words[4][2] = {{0x11, 0x11}, {VECTOR_PIT, VECTOR_PIT + 8}, {4, 2}, {1, 1}};
    out8(PIC1, words[0][0]);
    out8(PIC2, words[0][1]);
    for (int i = 1; i < 4; i++) {
        out8(PIC1 + 1, words[i][0]);
        out8(PIC2 + 1, words[i][1]);
    }
    out8(PIC1 + 1, 0xff);
    out8(PIC2 + 1, 0xff);
}

/* Virtual wire mode: the PIC's interrupts pass through the local APIC. The BIOS sets it too, where there is one. */
static void open_lapic(void)
{
    lapic_write(LAPIC_SPURIOUS, LAPIC_ENABLED | VECTOR_SPURIOUS);
    lapic_write(LAPIC_LINT0, LAPIC_EXTERNAL);
}

void irq_begin(void)
{
    interrupts_off();
    open_lapic();
    move_pic();
    set_vectors();
}

static void pit_program(uint8_t mode, uint32_t counts)
{
    out8(PIC1 + 1, 0xfe);
    out8(PIT_COMMAND, mode);
    out8(PIT_CHANNEL0, (uint8_t)counts);
    out8(PIT_CHANNEL0, (uint8_t)(counts >> 8)); /* it counts from here */
}

void pit_periodic(uint32_t hz)
{
    pit_program(PIT_PERIODIC, PIT_HZ / hz);
}

void pit_once(uint32_t counts)
{
    pit_program(PIT_ONCE, counts);
}

void pit_stop(void)
{
    out8(PIC1 + 1, 0xff);
    out8(PIT_COMMAND, PIT_ONCE); /* waits for a count that does not come */
}

int irq_works(void)
{
    uint32_t before = irq_times.count;
    pit_once(PIT_HZ / 1000);
    interrupts_on();
    for (uint32_t i = 0; i < 100000 && irq_times.count == before; i++)
        relax();
    interrupts_off();
    pit_stop();
    return irq_times.count != before;
}

void lapic_begin(void)
{
    lapic_write(LAPIC_DIVIDE, LAPIC_BY_16);
    lapic_write(LAPIC_TIMER, VECTOR_LAPIC);
}

void lapic_once(uint32_t counts)
{
    lapic_write(LAPIC_INITIAL, counts);
}

uint32_t lapic_counts(void)
{
    return lapic_read(LAPIC_CURRENT);
}
