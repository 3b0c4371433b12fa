/* The county itself: places, offices, firms and the people who can sign in. */
#include "demo/demo_inside.h"
#include "app/session.h"

static const char *const place_codes = DEMO_COUNTY_CODE;

/* A credit code with right check characters, for an invented firm.
 * GB 32100-2015: weights 3^i mod 31 over 31 characters; GB 11714 inside it. Same sums as model/code.c checks. */
static void demo_uscc(uint32_t number, char out[19])
{
	static const char letters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	static const int organisation_weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
	memcpy(out, "91", 2);
	memcpy(out + 2, DEMO_COUNTY_CODE, 6);
	int sum = 0;
	for (int i = 0; i < 8; i++) {
		int digit = i < 2
			? (i == 0 ? 0 : 7)
			: (int)(number / (uint32_t[]){100000, 10000, 1000, 100, 10, 1}[i - 2] % 10);
		out[8 + i] = (char)('0' + digit);
		sum += digit * organisation_weights[i];
	}
	int check = 11 - sum % 11;
	out[16] = check == 10 ? 'X' : check == 11 ? '0' : (char)('0' + check);
	int weight = 1;
	sum = 0;
	for (int i = 0; i < 17; i++) {
		sum += (int)(strchr(letters, out[i]) - letters) * weight;
		weight = weight * 3 % 31;
	}
	out[17] = letters[(31 - sum % 31) % 31];
	out[18] = '\0';
}

const char *demo_person(struct demo *demo, uint32_t number)
{
	return arena_printf(demo->a, "%s%s", demo_surnames[number % (uint32_t)ndemo_surnames],
		demo_given[number / (uint32_t)ndemo_surnames % (uint32_t)ndemo_given]);
}

static struct uuid make_area(
	struct pen *pen, const char *code, const char *name, const char *level, struct uuid parent)
{
	struct draft *d = pen_create(pen, "area", NULL);
	pen_text(pen, d, "code", code);
	pen_text(pen, d, "name", name);
	pen_text(pen, d, "level", level);
	pen_id(pen, d, "parent", parent);
	return d->id;
}

static struct uuid make_unit(struct pen *pen, const char *name, const char *short_name,
	const char *kind, struct uuid parent, struct uuid area, int order)
{
	struct draft *d = pen_create(pen, "unit", NULL);
	pen_text(pen, d, "name", name);
	pen_text(pen, d, "short_name", short_name);
	pen_text(pen, d, "kind", kind);
	pen_id(pen, d, "parent", parent);
	pen_id(pen, d, "area", area);
	pen_int(pen, d, "sort_order", order);
	pen_int(pen, d, "active", 1);
	return d->id;
}

/* One level of a tree a batch, so that each finds what it refers to. */
static bool found_places(struct demo *demo, const struct person *founder, struct err *err)
{
	struct pen pen;
	pen_take(&pen, demo, founder, demo->begin, 8 * 60);
	demo->city = make_area(&pen, DEMO_CITY_CODE, DEMO_CITY, "city", (struct uuid){{0}});
	if (!pen_send(&pen, err))
		return false;
	pen_take(&pen, demo, founder, demo->begin, 8 * 60);
	demo->county = make_area(&pen, DEMO_COUNTY_CODE, DEMO_COUNTY, "county", demo->city);
	if (!pen_send(&pen, err))
		return false;
	pen_take(&pen, demo, founder, demo->begin, 8 * 60);
	for (int i = 0; i < DEMO_PLACES; i++) {
		char *code = arena_printf(
			demo->a, "%s%03d", place_codes, i < DEMO_TOWNS ? 101 + i : 400 + i - DEMO_TOWNS);
		demo->areas[i] =
			make_area(&pen, code, i < DEMO_TOWNS ? demo_towns[i] : demo_parks[i - DEMO_TOWNS],
				i < DEMO_TOWNS ? "town" : "zone", demo->county);
	}
	demo->government = make_unit(&pen, "澜川县重大项目指挥总部（演示）", "总部", "headquarters",
		(struct uuid){{0}}, demo->county, 1);
	return pen_send(&pen, err);
}

static void found_season(struct pen *pen, const char *kind, struct date from, struct date until,
	struct uuid area, const char *reason)
{
	struct draft *d = pen_create(pen, "calendar_day", NULL);
	pen_date(pen, d, "day", from);
	pen_date(pen, d, "until", until);
	pen_text(pen, d, "kind", kind);
	pen_int(pen, d, "yearly", 1);
	pen_id(pen, d, "area", area);
	pen_text(pen, d, "reason", reason);
}

/* In the hills the ground freezes: outdoor works rest there each winter, and their good months are fewer. */
static bool found_winters(struct demo *demo, const struct person *founder, struct err *err)
{
	int year = date_year(demo->begin);
	struct pen pen;
	pen_take(&pen, demo, founder, demo->begin, 8 * 60);
	found_season(&pen, "winter_stop", date_from_ymd(year, 12, 20), date_from_ymd(year + 1, 2, 10),
		demo->areas[DEMO_HILLS], "山区冬歇（演示）");
	found_season(&pen, "building_season", date_from_ymd(year, 3, 15), date_from_ymd(year, 11, 30),
		demo->county, "施工黄金期（演示）");
	found_season(&pen, "building_season", date_from_ymd(year, 4, 15), date_from_ymd(year, 10, 31),
		demo->areas[DEMO_HILLS], "山区施工黄金期（演示）");
	return pen_send(&pen, err);
}

static bool found_units(struct demo *demo, const struct person *founder, struct err *err)
{
	struct pen pen;
	pen_take(&pen, demo, founder, demo->begin, 8 * 60);
	for (int i = 0; i < DEMO_HEADQUARTERS; i++)
		demo->headquarters[i] =
			make_unit(&pen, demo_headquarters[i].name, demo_headquarters[i].short_name,
				"headquarters", demo->government, demo->county, 10 + i);
	for (int i = 0; i < DEMO_TASK_FORCES; i++)
		demo->task_forces[i] = make_unit(&pen, demo_task_forces[i].name,
			demo_task_forces[i].short_name, "task_force", demo->government, demo->county, 30 + i);
	for (int i = 0; i < DEMO_PLACES; i++)
		demo->places[i] =
			make_unit(&pen, i < DEMO_TOWNS ? demo_towns[i] : demo_parks[i - DEMO_TOWNS], NULL,
				i < DEMO_TOWNS ? "town" : "park", (struct uuid){{0}}, demo->areas[i], 70 + i);
	if (!pen_send(&pen, err))
		return false;
	pen_take(&pen, demo, founder, demo->begin, 8 * 60);
	for (int i = 0; i < DEMO_DEPARTMENTS; i++)
		demo->departments[i] = make_unit(&pen, demo_departments[i].name,
			demo_departments[i].short_name, "department", (struct uuid){{0}}, demo->county, 50 + i);
	return pen_send(&pen, err);
}

void demo_firm(struct demo *demo, struct pen *pen, const char *name, struct uuid *id)
{
	int32_t at = map_get(demo->firms, slice_of(name));
	if (at >= 0) {
		*id = demo->firm_ids[at];
		return;
	}
	char uscc[19];
	demo_uscc((uint32_t)(100000 + demo->nfirms), uscc);
	struct draft *d = pen_create(pen, "unit", NULL);
	pen_text(pen, d, "name", name);
	pen_text(pen, d, "kind", "enterprise");
	pen_text(pen, d, "uscc", uscc);
	pen_id(pen, d, "area", demo->county);
	pen_int(pen, d, "active", 1);
	*id = d->id;
	if (demo->nfirms == demo->firms_room) {
		int more = demo->firms_room * 2 + 64;
		demo->firm_ids = arena_grow(demo->a, demo->firm_ids, (size_t)demo->firms_room, (size_t)more,
			sizeof(*demo->firm_ids));
		demo->firms_room = more;
	}
	demo->firm_ids[demo->nfirms] = *id;
	map_put(demo->firms, slice_of(name), demo->nfirms++);
}

/* ---- people ---- */

static bool add_person(struct demo *demo, const struct person *founder, const char *login,
	const char *name, const char *role, struct uuid unit, struct uuid area, bool with_password,
	struct person **out, struct err *err)
{
	struct arena *a = arena_open();
	struct str text = STR_INIT;
	struct json_writer w = jw_start(&text);
	jw_object(&w);
	jw_kt(&w, "login", login);
	jw_kt(&w, "name", name);
	jw_key(&w, "roles");
	jw_array(&w);
	jw_text(&w, role);
	jw_array_end(&w);
	if (!uuid_is_nil(unit))
		jw_kid(&w, "unit", unit);
	if (!uuid_is_nil(area))
		jw_kid(&w, "area", area);
	jw_kb(&w, "active", true);
	jw_object_end(&w);
	const struct json *fields;
	struct uuid id;
	struct record *record;
	bool done = json_parse(a, str_view(&text), NULL, &fields, err) &&
		session_add_account(demo->app, a, founder, fields,
			with_password ? demo->result->password : NULL, &id, err) &&
		account_get(demo->app, demo->a, id, &record, err);
	if (done && out)
		*out = person_from(demo->a, record, "demo", LANG_ZH);
	demo->result->accounts += done;
	str_free(&text);
	arena_close(a);
	return done;
}

static bool found_people(struct demo *demo, const struct person *founder, struct err *err)
{
	struct uuid nobody = {{0}};
	if (!add_person(demo, founder, "xiangmuban", "项目办（演示）", "office", nobody, nobody, true,
			&demo->office, err) ||
		!add_person(demo, founder, "xiangmuban2", "项目办复核（演示）", "office", nobody, nobody,
			true, &demo->office_two, err) ||
		!add_person(demo, founder, "lingdao", "县领导（演示）", "leader", nobody, nobody, true,
			&demo->leader, err) ||
		!add_person(
			demo, founder, "shenji", "审计（演示）", "auditor", nobody, nobody, true, NULL, err))
		return false;
	for (int i = 0; i < DEMO_HEADQUARTERS; i++)
		if (!add_person(demo, founder, arena_printf(demo->a, "zhihui%d", i + 1),
				demo_person(demo, 100u + (uint32_t)i), "commander", demo->headquarters[i], nobody,
				i == 0, &demo->commanders[i], err))
			return false;
	for (int i = 0; i < DEMO_DEPARTMENTS; i++)
		if (!add_person(demo, founder, demo_departments[i].login, demo_departments[i].short_name,
				"department", demo->departments[i], nobody, i == 0 || i == 1,
				&demo->by_department[i], err))
			return false;
	for (int i = 0; i < DEMO_TASK_FORCES; i++)
		if (!add_person(demo, founder, demo_task_forces[i].login, demo_task_forces[i].short_name,
				"department", demo->task_forces[i], nobody, false, NULL, err))
			return false;
	for (int i = 0; i < DEMO_PLACES; i++)
		if (!add_person(demo, founder, arena_printf(demo->a, "zhen%02d", i + 1),
				i < DEMO_TOWNS ? demo_towns[i] : demo_parks[i - DEMO_TOWNS], "town",
				demo->places[i], demo->areas[i], i == 0 || i == 2, &demo->by_place[i], err))
			return false;
	for (int i = 0; i < DEMO_OFFICERS; i++)
		if (!add_person(demo, founder, arena_printf(demo->a, "fuwu%d", i + 1),
				demo_person(demo, 200u + (uint32_t)i), "service_officer", nobody, nobody, i == 0,
				&demo->officers[i], err))
			return false;
	return true;
}

bool demo_found_county(struct demo *demo, struct err *err)
{
	struct person founder = person_system("demo");
	return found_places(demo, &founder, err) && found_winters(demo, &founder, err) &&
		found_units(demo, &founder, err) && found_people(demo, &founder, err) &&
		demo_draw_map(demo, demo->office, err);
}
