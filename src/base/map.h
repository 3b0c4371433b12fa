/* An open-addressing table from a byte key to an int32 (a row number). Keys are copied. Not thread-safe. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/base.h"
#include "base/uuid.h"

struct map;                 /* keys of any length */
struct map *map_open(void); /* owned: free with map_close */
void map_close(struct map *m);
int32_t map_get(const struct map *m, struct slice key);       /* -1: not there */
void map_put(struct map *m, struct slice key, int32_t value); /* value >= 0; replaces */
size_t map_count(const struct map *m);

struct idmap;                   /* keys are uuids: 20 bytes an entry, for millions */
struct idmap *idmap_open(void); /* owned: free with idmap_close */
void idmap_close(struct idmap *m);
struct idmap *idmap_copy(const struct idmap *m);
int32_t idmap_get(const struct idmap *m, struct uuid key); /* -1: not there */
void idmap_put(struct idmap *m, struct uuid key, int32_t value);
size_t idmap_bytes(const struct idmap *m);

#endif
