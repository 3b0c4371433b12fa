/* Every path of the tables, then every register's record as a schema (written by app, which knows the definitions). The two
 * generic record routes name all record schemas as alternatives, told apart by `register`. */
#include "web/openapi.h"

#include "app/registers.h"
#include "web/route.h"

static void write_text_schema(struct json_writer *w, const struct input *in)
{
	jw_kt(w, "type", "string");
	if (in->least > 0)
		jw_ki(w, "minLength", in->least);
	if (in->most > 0)
		jw_ki(w, "maxLength", in->most);
}

static void write_input_schema(struct json_writer *w, const struct input *in)
{
	jw_key(w, "schema");
	jw_object(w);
	switch (in->type) {
	case INPUT_TEXT: write_text_schema(w, in); break;
	case INPUT_INT:
		jw_kt(w, "type", "integer");
		jw_ki(w, "minimum", in->least);
		if (in->most < INT64_MAX)
			jw_ki(w, "maximum", in->most);
		break;
	case INPUT_ID:
		jw_kt(w, "type", "string");
		jw_kt(w, "format", "uuid");
		break;
	case INPUT_DAY:
		jw_kt(w, "type", "string");
		jw_kt(w, "format", "date");
		break;
	case INPUT_FLAG: jw_kt(w, "type", "boolean"); break;
	case INPUT_OBJECT: jw_kt(w, "type", "object"); break;
	case INPUT_LIST:
		jw_kt(w, "type", "array");
		jw_key(w, "items");
		jw_object(w);
		jw_object_end(w);
		break;
	}
	jw_object_end(w);
}

static void write_parameter(struct json_writer *w, const struct input *in, enum lang lang)
{
	jw_object(w);
	jw_kt(w, "name", in->name);
	jw_kt(w, "in", in->place == IN_PATH ? "path" : "query");
	jw_kb(w, "required", in->required);
	jw_kt(w, "description", label_in(in->about, lang));
	write_input_schema(w, in);
	jw_object_end(w);
}

static void write_header(struct json_writer *w, const char *name, bool required, const char *about)
{
	jw_object(w);
	jw_kt(w, "name", name);
	jw_kt(w, "in", "header");
	jw_kb(w, "required", required);
	jw_kt(w, "description", about);
	jw_key(w, "schema");
	jw_raw(w, SLICE("{\"type\":\"string\"}"));
	jw_object_end(w);
}

static void write_parameters(struct json_writer *w, const struct route *r, enum lang lang)
{
	jw_key(w, "parameters");
	jw_array(w);
	for (const struct input *in = r->inputs; in && in->name; in++)
		if (in->place != IN_BODY)
			write_parameter(w, in, lang);
	if (r->flags & ROUTE_VERSION)
		write_header(w, "If-Match", true,
			lang == LANG_EN ? "the version you saw, \"7\"" : "您看到的版本，如 \"7\"");
	if (r->flags & ROUTE_ONCE)
		write_header(w, "Idempotency-Key", false,
			lang == LANG_EN ? "the same key within 7 days gives the first answer again"
							: "七天内同一个键只办一次，返回第一次的结果");
	jw_array_end(w);
}

static bool is_record_route(const struct route *r)
{
	return strncmp(r->path, "/api/r/{register}", 17) == 0;
}

static void write_members(struct json_writer *w, const struct route *r, enum lang lang)
{
	jw_object(w);
	jw_kt(w, "type", "object");
	jw_key(w, "properties");
	jw_object(w);
	for (const struct input *in = r->inputs; in && in->name; in++) {
		if (in->place != IN_BODY)
			continue;
		jw_key(w, in->name);
		jw_object(w);
		if (in->type == INPUT_TEXT)
			write_text_schema(w, in);
		else
			jw_kt(w, "type",
				in->type == INPUT_FLAG      ? "boolean"
					: in->type == INPUT_INT ? "integer"
											: "object");
		jw_kt(w, "description", label_in(in->about, lang));
		jw_object_end(w);
	}
	jw_object_end(w);
	jw_object_end(w);
}

static bool has_body_inputs(const struct route *r)
{
	for (const struct input *in = r->inputs; in && in->name; in++)
		if (in->place == IN_BODY)
			return true;
	return false;
}

static void write_body(struct json_writer *w, const struct route *r, enum lang lang)
{
	if (r->body == BODY_NONE)
		return;
	jw_key(w, "requestBody");
	jw_object(w);
	jw_kb(w, "required", r->body != BODY_MAYBE);
	jw_ki(w, "x-limit-bytes", (int64_t)route_body_limit(r));
	jw_key(w, "content");
	jw_object(w);
	jw_key(w, r->body == BODY_FILE ? "multipart/form-data" : "application/json");
	jw_object(w);
	jw_key(w, "schema");
	if (r->body == BODY_FILE)
		jw_raw(w,
			SLICE("{\"type\":\"object\",\"required\":[\"file\"],\"properties\":"
				  "{\"file\":{\"type\":\"string\",\"contentMediaType\":\"application/"
				  "octet-stream\"}}}"));
	else if (is_record_route(r))
		jw_raw(w, SLICE("{\"$ref\":\"#/components/schemas/change\"}"));
	else if (has_body_inputs(r))
		write_members(w, r, lang);
	else
		jw_raw(w, SLICE("{\"type\":\"object\"}"));
	jw_object_end(w);
	jw_object_end(w);
	jw_object_end(w);
}

static bool answers_record(const struct route *r)
{
	if (!is_record_route(r) || r->method == METHOD_DELETE || strstr(r->path, "/history") ||
		strstr(r->path, "/children"))
		return false;
	return strstr(r->path, "{id}") || r->method == METHOD_POST;
}

static void write_answers(struct json_writer *w, const struct route *r, enum lang lang)
{
	jw_key(w, "responses");
	jw_object(w);
	jw_key(w, "2XX");
	jw_object(w);
	jw_kt(w, "description", lang == LANG_EN ? "done" : "成功");
	if (r->method != METHOD_DELETE) {
		jw_key(w, "content");
		jw_object(w);
		jw_key(w, r->answer ? r->answer : "application/json");
		if (answers_record(r))
			jw_raw(w, SLICE("{\"schema\":{\"$ref\":\"#/components/schemas/record\"}}"));
		else
			jw_raw(w, SLICE("{}"));
		jw_object_end(w);
	}
	jw_object_end(w);
	jw_key(w, "default");
	jw_object(w);
	jw_kt(w, "description", lang == LANG_EN ? "refused, with the reason" : "未办理及原因");
	jw_key(w, "content");
	jw_raw(w,
		SLICE("{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/"
			  "problem\"}}}"));
	jw_object_end(w);
	jw_object_end(w);
}

/* "get_api_r_register_id": stable, unique because method and path are */
static void write_operation_id(struct json_writer *w, const struct route *r)
{
	struct str id = STR_INIT;

	for (const char *c = http_method_name(r->method); *c; c++)
		str_putc(&id, (char)(*c | 32));
	bool gap = true;
	for (const char *c = r->path; *c; c++) {
		bool word = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_';
		if (word && gap)
			str_putc(&id, '_');
		if (word)
			str_putc(&id, *c);
		gap = !word;
	}
	jw_kt(w, "operationId", str_text(&id));
	str_free(&id);
}

static void write_operation(struct json_writer *w, const struct route *r, enum lang lang)
{
	static const char *const access[] = {
		[ACCESS_OPEN] = "open", [ACCESS_OWN] = "own", [ACCESS_GATE] = "gate"};

	for (int i = 0; i < METHOD_OTHER; i++)
		if ((int)r->method == i) {
			static const char *const lower[] = {"get", "head", "post", "put", "patch", "delete"};
			jw_key(w, lower[i]);
		}
	jw_object(w);
	write_operation_id(w, r);
	jw_kt(w, "summary", label_in(r->about, lang));
	jw_kt(w, "x-access", access[r->access]);
	if (r->access == ACCESS_OPEN) {
		jw_key(w, "security");
		jw_raw(w, SLICE("[]"));
	} else if (r->flags & ROUTE_BASIC) {
		jw_key(w, "security");
		jw_raw(w, SLICE("[{\"cookie\":[]},{\"token\":[]},{\"token_as_password\":[]}]"));
	}
	write_parameters(w, r, lang);
	write_body(w, r, lang);
	write_answers(w, r, lang);
	jw_object_end(w);
}

static void write_paths(struct json_writer *w, enum lang lang)
{
	int n = route_count();

	jw_key(w, "paths");
	jw_object(w);
	for (int i = 0; i < n; i++) {
		bool seen = false;
		for (int j = 0; j < i; j++)
			seen = seen || strcmp(route_at(j)->path, route_at(i)->path) == 0;
		if (seen)
			continue;
		jw_key(w, route_at(i)->path);
		jw_object(w);
		for (int j = i; j < n; j++)
			if (strcmp(route_at(j)->path, route_at(i)->path) == 0)
				write_operation(w, route_at(j), lang);
		jw_object_end(w);
	}
	jw_object_end(w);
}

static const char common_schemas[] =
	"\"problem\":{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\"],\"properties\":{"
	"\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},\"status\":{\"type\":"
	"\"integer\"},"
	"\"detail\":{\"type\":\"string\"},\"where\":{\"type\":\"string\"},\"wait_seconds\":{\"type\":"
	"\"integer\"},"
	"\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"where\":{"
	"\"type\":\"string\"},"
	"\"detail\":{\"type\":\"string\"}}}},\"yours\":{\"type\":\"object\"},\"current\":{\"type\":"
	"\"object\"}}},"
	"\"change\":{\"type\":\"object\",\"properties\":{\"fields\":{\"type\":\"object\"},\"reason\":{"
	"\"type\":\"string\"}}},"
	"\"record\":{\"type\":\"object\",\"required\":[\"id\",\"register\",\"version\",\"fields\"],"
	"\"properties\":{"
	"\"id\":{\"type\":\"string\",\"format\":\"uuid\"},\"register\":{\"type\":\"string\"},"
	"\"number\":{\"type\":[\"string\",\"null\"]},\"version\":{\"type\":\"integer\",\"minimum\":1},"
	"\"state\":{\"type\":[\"string\",\"null\"]},\"fields\":{\"type\":\"object\"}}}";

static void write_components(struct json_writer *w, struct app *app)
{
	struct str schemas = STR_INIT;

	jw_key(w, "components");
	jw_object(w);
	jw_key(w, "securitySchemes");
	jw_raw(w,
		SLICE("{\"cookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"guatu\"},"
			  "\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
			  "\"token_as_password\":{\"type\":\"http\",\"scheme\":\"basic\"}}"));
	str_puts(&schemas, "{");
	str_puts(&schemas, common_schemas);
	size_t before = schemas.n;
	str_puts(&schemas, ",");
	app_schemas_json(app, &schemas);
	if (schemas.n == before + 1)
		schemas.n = before;
	str_puts(&schemas, "}");
	jw_key(w, "schemas");
	jw_raw(w, str_view(&schemas));
	str_free(&schemas);
	jw_object_end(w);
}

void openapi_write(struct app *app, enum lang lang, struct str *out)
{
	struct json_writer w = jw_start(out);

	jw_object(&w);
	jw_kt(&w, "openapi", "3.1.0");
	jw_key(&w, "info");
	jw_object(&w);
	jw_kt(&w, "title", lang == LANG_EN ? "guatu" : "挂图");
	jw_kt(&w, "version", GUATU_VERSION);
	jw_object_end(&w);
	jw_key(&w, "security");
	jw_raw(&w, SLICE("[{\"cookie\":[]},{\"token\":[]}]"));
	write_paths(&w, lang);
	write_components(&w, app);
	jw_object_end(&w);
	jw_end(&w);
}
