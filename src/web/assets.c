#include "web/assets.h"

#include <stdlib.h>

#include "web/compress.h"

extern const struct asset ui_assets[];
extern const uint64_t ui_asset_count;
extern const char ui_inline_scripts[]; /* " 'sha256-...'" for each script inside index.html */

/* Scripts from our own address, those that the build wrote into the page, and WebAssembly: the schedule engine. */
static const char page_policy[] = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'%s; "
								  "img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
								  "frame-ancestors 'none'; form-action 'self'";

/* What a file opened as such or as a worker may do; kept short, because it goes along with each. */
static const char file_policy[] = "default-src 'self'";

static int compare(const void *key, const void *member)
{
	const struct slice *path = key;
	const struct asset *asset = member;
	size_t n = strlen(asset->path);
	int order = memcmp(path->s, asset->path, path->n < n ? path->n : n);

	return order ? order : (path->n > n) - (path->n < n);
}

const struct asset *asset_find(struct slice path)
{
	if (path.n == 0)
		return NULL;
	return bsearch(&path, ui_assets, ui_asset_count, sizeof ui_assets[0], compare);
}

static struct slice join(struct request *req)
{
	struct str path = STR_INIT;

	for (int i = 0; i < req->nsegments; i++) {
		if (i)
			str_putc(&path, '/');
		str_slice(&path, req->segments[i]);
	}
	struct slice text = slice_of(arena_text(req->a, str_view(&path)));
	str_free(&path);
	return text;
}

static void send(struct request *req, struct reply *rep, const struct asset *asset)
{
	unsigned encodings = http_encodings(http_header(req->headers, "Accept-Encoding"));

	rep->type = asset->type;
	rep->packed = true;
	reply_header(rep, "ETag", asset->tag);
	reply_header(rep, "Vary", "Accept-Encoding");
	reply_header(rep, "Cache-Control",
		asset->immutable ? "public, max-age=31536000, immutable" : "no-cache");
	bool page = strncmp(asset->type, "text/html", strlen("text/html")) == 0;
	reply_header(rep, "Content-Security-Policy",
		page ? arena_printf(req->a, page_policy, ui_inline_scripts) : file_policy);
	if (http_none_match(http_header(req->headers, "If-None-Match"), slice_of(asset->tag))) {
		rep->status = 304;
		return;
	}
	rep->status = 200;
	if (asset->brotli && (encodings & ENCODING_BROTLI)) {
		reply_header(rep, "Content-Encoding", "br");
		rep->fixed = (struct slice){asset->brotli, asset->brotli_bytes};
	} else if (asset->gzip && (encodings & ENCODING_GZIP)) {
		reply_header(rep, "Content-Encoding", "gzip");
		rep->fixed = (struct slice){asset->gzip, asset->gzip_bytes};
	} else if (asset->raw) {
		rep->fixed = (struct slice){asset->raw, asset->bytes};
	} else {
		/* the binary holds no plain copy of what compresses well: nearly nobody asks for it */
		bool whole = compress_gunzip(
			(struct slice){asset->gzip, asset->gzip_bytes}, asset->bytes, &rep->body);
		assert(whole);
	}
}

void assets_reply(struct request *req, struct reply *rep)
{
	struct slice path = join(req);
	const struct asset *asset = asset_find(path.n ? path : SLICE("index.html"));
	struct err err = {0};

	/* a page of the UI is an address without a file: the UI reads it itself */
	if (!asset && http_accepts_html(http_header(req->headers, "Accept")))
		asset = asset_find(SLICE("index.html"));
	if (asset) {
		send(req, rep, asset);
		return;
	}
	err_set(&err, ERR_MISSING, "URL", "there is nothing at this address");
	reply_err(req, rep, &err);
}
