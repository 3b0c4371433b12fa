/* Problem documents are RFC 9457; `type` is ours: /problems/<word of the error code>. */
#include "web/reply.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "web/compress.h"

enum { WORTH_PACKING_BYTES = 1400 }; /* one Ethernet frame: below it nothing is gained */

/* clang-format off */
static const struct label titles[] = {
	[ERR_NONE]     = {"成功", "Done"},
	[ERR_INPUT]    = {"填写的内容不能使用", "The input cannot be used"},
	[ERR_LOGIN]    = {"请先登录", "Please sign in"},
	[ERR_DENIED]   = {"没有权限", "Not permitted"},
	[ERR_MISSING]  = {"没有找到", "Not found"},
	[ERR_CONFLICT] = {"内容已被他人修改或已存在", "Changed meanwhile, or exists already"},
	[ERR_LIMIT]    = {"超过了限制", "Larger than a limit"},
	[ERR_BUSY]     = {"系统正忙，请稍后再试", "Busy, please try again"},
	[ERR_SYSTEM]   = {"系统故障", "The system failed"},
};
/* clang-format on */

void reply_header(struct reply *rep, const char *name, const char *value)
{
	assert(rep->nheaders < REPLY_HEADERS);
	rep->headers[rep->nheaders++] = (struct reply_header){name, value};
}

void reply_version(struct request *req, struct reply *rep, int64_t version)
{
	reply_header(rep, "ETag", arena_printf(req->a, "\"%lld\"", (long long)version));
}

static void write_error(struct json_writer *w, const struct err *err, enum lang lang)
{
	struct str text = STR_INIT, where = STR_INIT;

	err_message(err, lang, &text);
	err_where(err, lang, &where);
	jw_kt(w, "detail", str_text(&text));
	if (where.n)
		jw_kt(w, "where", str_text(&where));
	str_free(&text);
	str_free(&where);
}

void reply_problem(struct request *req, struct reply *rep, const struct problem *problem)
{
	const struct err *err = problem->err;
	int status = problem->status ? problem->status : err_http(err->code);

	if (status >= 500)
		log_err(req->route ? req->route->path : "request", err);
	str_clear(&rep->body);
	rep->status = status;
	rep->type = "application/problem+json";
	struct json_writer w = jw_start(&rep->body);
	jw_object(&w);
	jw_kt(&w, "type", arena_printf(req->a, "/problems/%s", err_name(err->code)));
	jw_kt(&w, "title", label_in(titles[err->code], req->lang));
	jw_ki(&w, "status", status);
	write_error(&w, err, req->lang);
	if (problem->nerrors) {
		jw_key(&w, "errors");
		jw_array(&w);
		for (int i = 0; i < problem->nerrors; i++) {
			jw_object(&w);
			write_error(&w, &problem->errors[i], req->lang);
			jw_object_end(&w);
		}
		jw_array_end(&w);
	}
	if (problem->yours.n) {
		jw_key(&w, "yours");
		jw_raw(&w, problem->yours);
	}
	if (problem->current.n) {
		jw_key(&w, "current");
		jw_raw(&w, problem->current);
	}
	if (problem->wait_seconds > 0) {
		jw_ki(&w, "wait_seconds", problem->wait_seconds);
		reply_header(rep, "Retry-After", arena_printf(req->a, "%d", problem->wait_seconds));
	} else if (status == 503) {
		reply_header(rep, "Retry-After", "2");
	}
	jw_object_end(&w);
	jw_end(&w);
}

void reply_err(struct request *req, struct reply *rep, const struct err *err)
{
	reply_problem(req, rep, &(struct problem){.err = err});
}

void reply_status(struct request *req, struct reply *rep, int status, const struct err *err)
{
	reply_problem(req, rep, &(struct problem){.err = err, .status = status});
}

static bool is_text(const char *type)
{
	return !type || strncmp(type, "text/", 5) == 0 || strstr(type, "json");
}

void reply_refused(
	struct request *req, struct reply *rep, const struct submitted *what, const struct err *err)
{
	reply_problem(req, rep,
		&(struct problem){.err = err,
			.errors = what->errors,
			.nerrors = what->nerrors,
			.yours = what->yours,
			.current = what->current});
}

void reply_pack(struct reply *rep, unsigned encodings)
{
	if (rep->packed || rep->body.n < WORTH_PACKING_BYTES || !is_text(rep->type))
		return;
	reply_header(rep, "Vary", "Accept-Encoding");
	struct str small = STR_INIT;
	const char *name = NULL;
	if ((encodings & ENCODING_BROTLI) && compress_brotli(str_view(&rep->body), &small))
		name = "br";
	else if ((encodings & ENCODING_GZIP) && compress_gzip(str_view(&rep->body), &small))
		name = "gzip";
	if (!name) {
		str_free(&small);
		return;
	}
	str_free(&rep->body);
	rep->body = small;
	rep->packed = true;
	reply_header(rep, "Content-Encoding", name);
}

void reply_free(struct reply *rep)
{
	str_free(&rep->body);
	if (rep->file >= 0)
		close(rep->file);
	*rep = REPLY_INIT;
}
