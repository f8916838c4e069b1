#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct label {
	char	code[14];	/* EAN-13 and a NUL */
	uint32_t quantity;
} label_t;

bool label_parse(const char *text, label_t *out);
