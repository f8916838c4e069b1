#ifndef TALLY_STORE_H
#define TALLY_STORE_H

#include <stddef.h>

#define STORE_SLOTS 64
#define NAME_MAX_LEN 48

struct counter {
  char *name;
  long value;
  struct counter *next;
};

struct store {
  struct counter *slots[STORE_SLOTS];
  size_t used;
};

void store_init(struct store *s);
struct counter *store_find(struct store *s, const char *name);
int store_add(struct store *s, const char *name, long n);
void store_free(struct store *s);

#endif
