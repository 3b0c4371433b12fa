/* The web UI as the build embedded it (tools/ui_assets.py). */
#ifndef WEB_ASSETS_H
#define WEB_ASSETS_H

#include "web/reply.h"

/* One file of the UI. The table and the bytes are made by the build; widths are those of its assembler text. */
struct asset {
	const char *path; /* "assets/index-3f2a.js" */
	const char *type;
	const char *tag; /* weak ETag */
	uint64_t immutable;
	uint64_t bytes;  /* uncompressed */
	const char *raw; /* NULL when there is a gzip copy */
	const char *gzip;
	uint64_t gzip_bytes;
	const char *brotli;
	uint64_t brotli_bytes;
};

const struct asset *asset_find(struct slice path); /* NULL: not there */
/* Answers a GET outside the API: a file, or the page when a browser asks for an address of the UI. */
void assets_reply(struct request *req, struct reply *rep);

#endif
