#ifndef TALLY_PROTO_H
#define TALLY_PROTO_H

#include "store.h"

/* Handles one line of input; writes at most `size` bytes of reply. Returns the length of the reply, or -1. */
int proto_handle(struct store *s, const char *line, char *reply, size_t size);

#endif
