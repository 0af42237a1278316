/* SPDX-License-Identifier: Apache-2.0 */
#include "mix.h"

#include <string.h>

#define LABEL 31
#define SLOTS 16
#define UNIT_PRICE 3
#define ORDERS 2
#define HASHED 4 /* characters of a label */

/* No procedure is inlined, cloned or known by what it leaves alone: else a compiler would do at compile time what is to be measured. */
#define PROCEDURE __attribute__((noipa)) static

enum kind { NONE, SALE, GIFT, REFUND };

struct order {
    struct order *next;
    int serial;
    int amount;
    enum kind kind;
    int price;
    char label[LABEL];
};

static struct order orders[ORDERS];
static struct order *unused;
static struct order *chains[SLOTS];
static unsigned entered[SLOTS];
static int history[3];
static unsigned revenue, ticks, wrong;
static int is_open, is_settled, phase, highest = 1000000;
static enum kind last_kind;
static char mark, grade, sign;
static char title[LABEL] = "AEND OF THE MONTH, ALL ORDERS.";

PROCEDURE void set_marks(void)
{
    mark = 'A'; /* K */
    grade = 'B'; /* K */
    is_open = mark != grade; /* E */
}

PROCEDURE struct order *take_unused(void)
{
    struct order *order;
    order = unused; /* V */
    unused = order->next; /* V */
    return order;
}

PROCEDURE char letter_of(int serial)
{
    int place;
    place = serial % SLOTS; /* E */
    if (place < 0) /* C */
        place = 0;
    return (char)('A' + place);
}

PROCEDURE void fill_in(struct order *order, int serial)
{
    order->serial = serial; /* R */
    order->amount = (serial & 3) + 2; /* R */
    order->kind = SALE; /* R */
    strcpy(order->label, title); /* P */
    order->label[0] = letter_of(serial); /* A F */
}

PROCEDURE int slot_of(const char *label)
{
    int sum, at;
    sum = 0; /* K */
    for (at = 0;
         at < HASHED; /* C */
         at++)
        sum = sum + label[at]; /* E */
    return sum & (SLOTS - 1);
}

PROCEDURE void enter(struct order *order, int slot)
{
    order->next = chains[slot]; /* R */
    chains[slot] = order; /* A */
    entered[slot] = entered[slot] + 1; /* A */
}

PROCEDURE struct order *find(int slot, const char *label)
{
    struct order *order;
    order = chains[slot]; /* V */
    while (order) { /* C */
        if (strcmp(order->label, label) == 0) /* C F */
            break; /* C */
        order = order->next;
    }
    return order;
}

PROCEDURE int price_of(const struct order *order, int unit)
{
    int price;
    switch (order->kind) { /* C */
    case SALE:
        price = order->amount * unit; /* E */
        break; /* C */
    case REFUND:
        price = -order->amount * unit;
        break;
    default:
        price = 0;
    }
    if (price > highest) /* C */
        price = highest;
    return price;
}

PROCEDURE void settle(struct order *order, int price, int *total)
{
    *total = *total + price; /* E */
    revenue = revenue + (unsigned)price; /* E */
    order->price = price; /* R */
    if (is_open) /* C */
        last_kind = order->kind; /* V */
    else
        last_kind = NONE;
}

PROCEDURE void shift(int values[], int count, int newest)
{
    int at;
    for (at = 0;
         at < count; /* C */
         at++)
        values[at] = values[at + 1]; /* A */
    values[count] = newest; /* A */
}

PROCEDURE void scan(const char *text, char wanted, int *found)
{
    int at;
    at = 0; /* K */
    *found = 0; /* K */
    do {
        if (text[at] == wanted) /* C */
            *found = *found + 1; /* E */
        at = at + 1; /* E */
    } while (at < HASHED); /* C */
}

PROCEDURE void count_down(int *left)
{
    while (*left > 1) { /* C */
        *left = *left - 1; /* E */
    }
    if (*left == 1) /* C */
        is_settled = 1; /* K */
    else
        is_settled = 0;
}

PROCEDURE void tick(void)
{
    ticks = ticks + 1; /* E */
    phase = 0; /* K */
    sign = 'N'; /* K */
}

PROCEDURE void turn(int serial, int *direction)
{
    *direction = 1; /* K */
    if (serial < 0) /* C */
        *direction = -1;
    if (*direction == phase) /* C */
        *direction = 0;
}

PROCEDURE void drop(struct order *order, int slot)
{
    chains[slot] = order->next; /* A */
    order->next = unused; /* R */
    unused = order; /* V */
}

__attribute__((noipa)) void mix_once(int serial)
{
    struct order *order, *same;
    int slot, price, total, letters, direction, value, left = 3; /* C */
    char expected;
    total = 0; /* K */
    expected = 'X'; /* K */
    set_marks(); /* P */
    order = take_unused(); /* V F */
    fill_in(order, serial); /* P */
    slot = slot_of(order->label); /* V F */
    enter(order, slot); /* P */
    same = find(slot, order->label); /* V F */
    price = price_of(same, UNIT_PRICE); /* V F */
    settle(same, price, &total); /* P */
    shift(history, 2, total); /* P */
    scan(order->label + 1, 'E', &letters); /* P */
    count_down(&left); /* P */
    if (is_settled) /* C */
        expected = 'N'; /* K */
    tick(); /* P */
    turn(serial, &direction); /* P */
    value = total * direction - price + letters; /* E */
    if (value != 1 || same != order) /* C */
        wrong++;
    if (sign != expected) /* C */
        wrong++;
    drop(order, slot); /* P */
}

void mix_begin(void)
{
    for (int i = 0; i < ORDERS; i++)
        orders[i].next = i + 1 < ORDERS ? &orders[i + 1] : 0;
    unused = &orders[0];
}

/* Amounts are 2, 3, 4, 5, 2 and so on. */
static unsigned amounts(unsigned iterations)
{
    unsigned sum = iterations / 4 * (2 + 3 + 4 + 5);
    for (unsigned i = 0; i < iterations % 4; i++)
        sum += i + 2;
    return sum;
}

const char *mix_check(int iterations)
{
    unsigned count = (unsigned)iterations, entries = 0;
    for (int i = 0; i < SLOTS; i++)
        entries += entered[i];
    return wrong ? "an iteration found something else than it had written"
        : entries != count ? "the number of entries"
        : ticks != count ? "the number of ticks"
        : revenue != UNIT_PRICE * amounts(count) ? "the revenue"
        : count > 0 && history[2] != UNIT_PRICE * (int)(((count - 1) & 3) + 2) ? "the last total"
        : count > 0 && (last_kind != SALE || !is_settled) ? "the last order"
        : 0;
}
