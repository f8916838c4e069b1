#include "proto.h"

#include <stdio.h>
#include <string.h>

int proto_handle(struct store *s, const char *line, char *reply, size_t size) {
  char name[NAME_MAX_LEN];
  long n;
  if (sscanf(line, "ADD %47s %ld", name, &n) == 2) {
    if (store_add(s, name, n) != 0) return -1;
    return snprintf(reply, size, "OK\n");
  }
  if (sscanf(line, "GET %47s", name) == 1) {
    struct counter *c = store_find(s, name);
    return snprintf(reply, size, "%ld\n", c == NULL ? 0L : c->value);
  }
  return snprintf(reply, size, "ERR\n");
}
