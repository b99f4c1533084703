/*
 * The other end, in libmodbus: a server whose registers hold what the arguments say, or a client that writes and reads back.
 *
 *   libmodbus-peer server FIRST VALUE...      prints its port, answers functions 3 and 4 from register FIRST on
 *   libmodbus-peer rtu-server PATH UNIT FIRST VALUE...  the same on a serial line at 9600 8N1, says ready
 *   libmodbus-peer tcp PORT UNIT              prints one line per exchange
 *   libmodbus-peer rtu PATH UNIT              the same over a serial line at 9600 8E1
 */
#include <arpa/inet.h>
#include <errno.h>
#include <modbus.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int serve(int first, int count, char **values) {
  modbus_t *ctx = modbus_new_tcp("127.0.0.1", 0);
  modbus_mapping_t *map = modbus_mapping_new_start_address(0, 0, 0, 0, first, count, first, count);
  if (ctx == NULL || map == NULL) return 1;
  for (int i = 0; i < count; i++) map->tab_registers[i] = map->tab_input_registers[i] = (uint16_t)atoi(values[i]);
  int listener = modbus_tcp_listen(ctx, 1);
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  if (listener < 0 || getsockname(listener, (struct sockaddr *)&address, &length) < 0) return 1;
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
    if (modbus_tcp_accept(ctx, &listener) < 0) return 1;
    for (;;) {
      int received = modbus_receive(ctx, query);
      if (received < 0) break;
      if (received > 0 && modbus_reply(ctx, query, received, map) < 0) break;
    }
    modbus_close(ctx);
  }
}

static int serve_rtu(const char *path, int unit, int first, int count, char **values) {
  modbus_t *ctx = modbus_new_rtu(path, 9600, 'N', 8, 1);
  modbus_mapping_t *map = modbus_mapping_new_start_address(0, 0, 0, 0, first, count, first, count);
  if (ctx == NULL || map == NULL) return 1;
  for (int i = 0; i < count; i++) map->tab_registers[i] = map->tab_input_registers[i] = (uint16_t)atoi(values[i]);
  modbus_set_slave(ctx, unit);
  if (modbus_connect(ctx) < 0) return 1;
  printf("ready\n");
  fflush(stdout);
  for (;;) {
    uint8_t query[MODBUS_RTU_MAX_ADU_LENGTH];
    int received = modbus_receive(ctx, query);
    if (received < 0 && errno == EIO) return 0;
    if (received > 0) modbus_reply(ctx, query, received, map);
  }
}

static void show(const char *what, int result, const uint16_t *registers) {
  printf("%s %s", what, result < 0 ? modbus_strerror(errno) : "ok");
  for (int i = 0; i < result && registers != NULL; i++) printf(" %04x", registers[i]);
  printf("\n");
}

static int ask(modbus_t *ctx, int unit) {
  uint16_t registers[4] = {0};
  uint16_t written[2] = {0x1234, 0xabcd};
  uint8_t bits[10] = {1, 0, 1, 1, 0, 0, 0, 0, 1, 0};
  uint8_t seen[10] = {0};
  modbus_set_slave(ctx, unit);
  modbus_set_response_timeout(ctx, 3, 0);
  if (modbus_connect(ctx) < 0) return 1;
  show("f03", modbus_read_registers(ctx, 0, 3, registers), registers);
  show("f04", modbus_read_input_registers(ctx, 0, 2, registers), registers);
  show("f06", modbus_write_register(ctx, 0, 0x0012), NULL);
  show("f16", modbus_write_registers(ctx, 1, 2, written), NULL);
  /* (0012 and 00f2) or (0025 and not 00f2) is 0017, the example of the specification. */
  show("f22", modbus_mask_write_register(ctx, 0, 0x00f2, 0x0025), NULL);
  show("f03", modbus_read_registers(ctx, 0, 3, registers), registers);
  show("f23", modbus_write_and_read_registers(ctx, 1, 1, written + 1, 0, 3, registers), registers);
  show("f05", modbus_write_bit(ctx, 9, 1), NULL);
  show("f15", modbus_write_bits(ctx, 0, 10, bits), NULL);
  int count = modbus_read_bits(ctx, 0, 10, seen);
  printf("f01 ");
  for (int i = 0; i < count; i++) printf("%d", seen[i]);
  count = modbus_read_input_bits(ctx, 0, 3, seen);
  printf("\nf02 ");
  for (int i = 0; i < count; i++) printf("%d", seen[i]);
  printf("\n");
  show("beyond", modbus_read_registers(ctx, 40000, 1, registers), registers);
  show("constant", modbus_write_register(ctx, 3000, 1), NULL);
  modbus_close(ctx);
  modbus_free(ctx);
  return 0;
}

int main(int argc, char **argv) {
  if (argc >= 4 && strcmp(argv[1], "server") == 0) return serve(atoi(argv[2]), argc - 3, argv + 3);
  if (argc >= 6 && strcmp(argv[1], "rtu-server") == 0)
    return serve_rtu(argv[2], atoi(argv[3]), atoi(argv[4]), argc - 5, argv + 5);
  if (argc != 4) return 2;
  modbus_t *ctx = strcmp(argv[1], "tcp") == 0 ? modbus_new_tcp("127.0.0.1", atoi(argv[2])) : modbus_new_rtu(argv[2], 9600, 'E', 8, 1);
  return ctx == NULL ? 1 : ask(ctx, atoi(argv[3]));
}
