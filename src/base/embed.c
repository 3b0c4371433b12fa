/* embedded.S (made by tools/embed.py) holds the table, sorted by path. */
#include "base/embed.h"

extern const struct embedded embedded_files[];
extern const uint64_t embedded_count;

const struct embedded *embed_find(const char *path)
{
	size_t low = 0, high = embedded_count;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = strcmp(embedded_files[mid].path, path);
		if (order == 0)
			return &embedded_files[mid];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const struct embedded *embed_under(const char *prefix, int *n)
{
	size_t length = strlen(prefix), first = 0;
	while (first < embedded_count && strncmp(embedded_files[first].path, prefix, length) != 0)
		first++;
	size_t end = first;
	while (end < embedded_count && strncmp(embedded_files[end].path, prefix, length) == 0)
		end++;
	*n = (int)(end - first);
	return &embedded_files[first];
}
