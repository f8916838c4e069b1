#include "label.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool
label_parse(const char *text, label_t *out)
{
	size_t i;

	for (i = 0; i < sizeof(out->code) - 1; i++) {
		if (!isdigit((unsigned char)text[i]))
			return false;
		out->code[i] = text[i];
	}
	out->code[i] = '\0';
	if (text[i] != '*')
		return false;
	out->quantity = (uint32_t)strtoul(text + i + 1, NULL, 10);
	return true;
}
