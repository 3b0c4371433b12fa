/* Ledgers and files come in. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "app/upload.h"
#include "app/importing.h"
#include "base/os.h"
#include "web/reply.h"

enum { IN_REGISTER };
enum { IN_IMPORT };
enum { IN_ACCEPT };
enum { IN_FILE };
enum { IN_HASH };

/* clang-format off */
static const struct input start_inputs[] = {
	[IN_REGISTER] = {"register", IN_QUERY, INPUT_TEXT, true, 1, 64, {"导入到哪个台账", "register to import into"}},
	{0},
};
static const struct input import_inputs[] = {
	[IN_IMPORT] = {"import", IN_PATH, INPUT_TEXT, true, 1, 64, {"导入草稿标识", "id of the draft"}},
	{0},
};
/* what may be chosen; app reads them from the whole body */
static const struct input map_inputs[] = {
	[IN_IMPORT] = {"import", IN_PATH, INPUT_TEXT, true, 1, 64, {"导入草稿标识", "id of the draft"}},
	{"sheet", IN_BODY, INPUT_TEXT, false, 0, 255, {"工作表；空串为自动", "the sheet; \"\": the best and those like it"}},
	{"header_row", IN_BODY, INPUT_INT, false, 0, INT32_MAX, {"表头行，0 为自动", "row of the headings; 0: found by itself"}},
	{"columns", IN_BODY, INPUT_OBJECT, false, 0, 0, {"列号到字段", "fields by column"}},
	{"constants", IN_BODY, INPUT_OBJECT, false, 0, 0, {"整份台账同一个值的字段", "fields with one value for all rows"}},
	{"money_unit", IN_BODY, INPUT_TEXT, false, 0, 8, {"金额单位", "unit of amounts"}},
	{"keep_unknown", IN_BODY, INPUT_FLAG, false, 0, 0, {"不认识的列存为新字段", "unknown columns become fields"}},
	{"create_missing", IN_BODY, INPUT_FLAG, false, 0, 0, {"新建没有的单位和区划", "enter units and areas that are missing"}},
	{"key", IN_BODY, INPUT_TEXT, false, 0, 64, {"对上已有记录的字段", "the field by which rows find their record"}},
	{"child", IN_BODY, INPUT_TEXT, false, 0, 64, {"一并导入的下级台账", "the register hanging below that comes along"}},
	{0},
};
static const struct input upload_inputs[] = {
	[IN_ACCEPT] = {"accept", IN_QUERY, INPUT_TEXT, false, 1, 16, {"只收 image 或 document", "`image` or `document` only"}},
	{0},
};
static const struct input known_inputs[] = {
	[IN_HASH] = {"sha256", IN_QUERY, INPUT_TEXT, true, 64, 64, {"内容的 SHA-256", "SHA-256 of the bytes"}},
	{0},
};
static const struct input file_inputs[] = {
	[IN_FILE] = {"id", IN_PATH, INPUT_TEXT, true, 1, 64, {"文件标识", "id of the file"}},
	{0},
};
/* clang-format on */

static void start_import(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!import_start(req->app, req->person, req->given[IN_REGISTER].text,
			arena_text(req->a, req->file.filename), req->file.bytes, NULL, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void map_import(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!import_map(req->app, req->person, req->given[IN_IMPORT].text, req->json, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void confirm_import(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!import_confirm(req->app, req->person, req->given[IN_IMPORT].text, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void cancel_import(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!import_cancel(req->app, req->person, req->given[IN_IMPORT].text, &err))
		reply_err(req, rep, &err);
}

static void upload(struct request *req, struct reply *rep)
{
	struct err err = {0};

	rep->status = 201;
	if (!upload_store(req->app, req->person, arena_text(req->a, req->file.filename),
			req->given[IN_ACCEPT].has ? req->given[IN_ACCEPT].text : NULL, req->file.bytes,
			&rep->body, &err))
		reply_err(req, rep, &err);
}

static void known(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!upload_known(req->app, req->person, req->given[IN_HASH].text, &rep->body, &err))
		reply_err(req, rep, &err);
}

/* filename*=UTF-8''... (RFC 8187), with everything but letters and digits escaped */
static const char *disposition(struct arena *a, bool shown, const char *name)
{
	struct str out = STR_INIT;

	str_printf(&out, "%s; filename*=UTF-8''", shown ? "inline" : "attachment");
	for (const unsigned char *c = (const unsigned char *)name; *c; c++) {
		if ((*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
			*c == '.' || *c == '-')
			str_putc(&out, (char)*c);
		else
			str_printf(&out, "%%%02X", *c);
	}
	char *text = arena_text(a, str_view(&out));
	str_free(&out);
	return text;
}

/* A text, a layer of the map for one, becomes the body, which is packed on its way; anything else goes out as it lies. */
static bool send_file(
	struct request *req, struct reply *rep, const struct upload_found *file, struct err *err)
{
	struct slice text;

	if (strncmp(file->type, "text/", 5) == 0 && file->bytes <= LIMIT_JSON_BYTES) {
		if (!os_read_file(req->a, file->path, LIMIT_JSON_BYTES, &text, err))
			return false;
		str_slice(&rep->body, text);
		return true;
	}
	rep->file = open(file->path, O_RDONLY | O_CLOEXEC);
	if (rep->file < 0)
		return err_set(
			err, ERR_SYSTEM, file->name, "could not open the stored file: %s", strerror(errno));
	rep->file_bytes = file->bytes;
	return true;
}

static void download(struct request *req, struct reply *rep)
{
	struct upload_found file;
	struct err err = {0};

	if (!upload_find(req->app, req->a, req->person, req->given[IN_FILE].text, &file, &err)) {
		reply_err(req, rep, &err);
		return;
	}
	/* immutable, but only for this person: private */
	const char *tag = arena_printf(req->a, "\"%s\"", file.sha256);
	reply_header(rep, "ETag", tag);
	reply_header(rep, "Cache-Control", "private, max-age=86400, immutable");
	if (http_none_match(http_header(req->headers, "If-None-Match"), slice_of(tag))) {
		rep->status = 304;
		return;
	}
	if (!send_file(req, rep, &file, &err)) {
		reply_err(req, rep, &err);
		return;
	}
	rep->type = file.type;
	bool shown = strncmp(file.type, "image/", 6) == 0 && !strstr(file.type, "svg");
	reply_header(rep, "Content-Disposition", disposition(req->a, shown, file.name));
}

/* clang-format off */
const struct route import_routes[] = {
	{METHOD_POST, "/api/import", ACCESS_GATE, 0, BODY_FILE, 0,
		{"读取台账文件并预览，不入库", "Read and map a ledger; nothing is stored"}, start_inputs, start_import},
	{METHOD_PATCH, "/api/import/{import}", ACCESS_GATE, 0, BODY_JSON, 0,
		{"重新对应列", "Map the columns anew"}, map_inputs, map_import},
	{METHOD_POST, "/api/import/{import}/confirm", ACCESS_GATE, 0, BODY_MAYBE, 0,
		{"确认入库", "Store what was read, in one transaction"}, import_inputs, confirm_import},
	{METHOD_DELETE, "/api/import/{import}", ACCESS_GATE, 0, BODY_NONE, 0,
		{"放弃这次导入", "Throw the draft away"}, import_inputs, cancel_import},
	{METHOD_POST, "/api/files", ACCESS_OWN, 0, BODY_FILE, 0,
		{"上传文件", "Upload a file"}, upload_inputs, upload},
	{METHOD_GET, "/api/files", ACCESS_OWN, 0, BODY_NONE, 0,
		{"本人是否已传过这份内容", "Whether you uploaded these bytes before"}, known_inputs, known},
	{METHOD_GET, "/api/files/{id}", ACCESS_GATE, 0, BODY_NONE, 0,
		{"下载文件", "Download a file"}, file_inputs, download, "application/octet-stream"},
	{0},
};
/* clang-format on */
