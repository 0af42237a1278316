/* SPDX-License-Identifier: Apache-2.0 */
#include "port.h"

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <stdio.h>
#include <string.h>

enum { DESCRIPTORS = 256, BUFFERS = 1023, CACHE = 32 };

static uint16_t port;
static struct rte_mempool *pool;

static int failed(const char *what, int error)
{
    fprintf(stderr, "vmrpc-probe: %s failed: %s\n", what, rte_strerror(error < 0 ? -error : error));
    return -1;
}

static int start(uint8_t *mac)
{
    static const struct rte_eth_conf plain; /* no offloads: checksums are made and checked in packet.c */
    struct rte_ether_addr own;
    int error;
    if ((error = rte_eth_dev_configure(port, 1, 1, &plain)))
        return failed("rte_eth_dev_configure", error);
    if ((error = rte_eth_rx_queue_setup(port, 0, DESCRIPTORS, (unsigned)SOCKET_ID_ANY, NULL, pool)))
        return failed("rte_eth_rx_queue_setup", error);
    if ((error = rte_eth_tx_queue_setup(port, 0, DESCRIPTORS, (unsigned)SOCKET_ID_ANY, NULL)))
        return failed("rte_eth_tx_queue_setup", error);
    if ((error = rte_eth_dev_start(port)))
        return failed("rte_eth_dev_start", error);
    if ((error = rte_eth_macaddr_get(port, &own)))
        return failed("rte_eth_macaddr_get", error);
    memcpy(mac, own.addr_bytes, MAC_LENGTH);
    return 0;
}

int port_open(int count, char **arguments, uint8_t *mac)
{
    int used = rte_eal_init(count, arguments);
    if (used < 0)
        return failed("rte_eal_init", rte_errno);
    port = (uint16_t)rte_eth_find_next_owned_by(0, RTE_ETH_DEV_NO_OWNER);
    if (port >= RTE_MAX_ETHPORTS) {
        fprintf(stderr, "vmrpc-probe: DPDK found no device: name one, like --vdev=net_af_packet0,iface=eth0, or bind a network card to vfio-pci\n");
        return -1;
    }
    pool = rte_pktmbuf_pool_create("probe", BUFFERS, CACHE, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
    if (!pool)
        return failed("rte_pktmbuf_pool_create", rte_errno);
    return start(mac) ? -1 : used;
}

void port_look(void (*looked)(void *), void (*take)(void *, const uint8_t *, size_t), void *context)
{
    struct rte_mbuf *burst[PORT_BURST];
    uint16_t count = rte_eth_rx_burst(port, 0, burst, PORT_BURST);
    looked(context);
    for (uint16_t i = 0; i < count; i++) {
        take(context, rte_pktmbuf_mtod(burst[i], const uint8_t *), rte_pktmbuf_data_len(burst[i]));
        rte_pktmbuf_free(burst[i]);
    }
}

int port_send(const uint8_t *frame, size_t length)
{
    struct rte_mbuf *buffer = rte_pktmbuf_alloc(pool);
    if (!buffer)
        return 0;
    void *to = rte_pktmbuf_append(buffer, (uint16_t)length);
    memcpy(to, frame, length); /* a frame always fits into a default buffer */
    if (rte_eth_tx_burst(port, 0, &buffer, 1) == 1)
        return 1;
    rte_pktmbuf_free(buffer);
    return 0;
}

void port_close(void)
{
    rte_eth_dev_stop(port);
    rte_eth_dev_close(port);
    rte_eal_cleanup();
}
