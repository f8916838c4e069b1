#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned hash(const char *name) {
  unsigned h = 5381;
  while (*name != '\0') h = h * 33 + (unsigned char)*name++;
  return h % STORE_SLOTS;
}

void store_init(struct store *s) {
  memset(s, 0, sizeof(*s));
}

struct counter *store_find(struct store *s, const char *name) {
  struct counter *c;
  for (c = s->slots[hash(name)]; c != NULL; c = c->next) {
    if (strcmp(c->name, name) == 0) return c;
  }
  return NULL;
}

int store_add(struct store *s, const char *name, long n) {
  struct counter *c = store_find(s, name);
  if (c == NULL) {
    unsigned slot = hash(name);
    c = calloc(1, sizeof(*c));
    if (c == NULL) return -1;
    c->name = strdup(name);
    if (c->name == NULL) {
      free(c);
      return -1;
    }
    c->next = s->slots[slot];
    s->slots[slot] = c;
    s->used++;
  }
  c->value += n;
  return 0;
}

void store_free(struct store *s) {
  for (int i = 0; i < STORE_SLOTS; i++) {
    struct counter *c = s->slots[i];
    while (c != NULL) {
      struct counter *next = c->next;
      free(c->name);
      free(c);
      c = next;
    }
    s->slots[i] = NULL;
  }
  s->used = 0;
}
