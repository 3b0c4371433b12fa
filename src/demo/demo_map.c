/* The towns and parks of the demo county as areas on a map: a tessellation of a piece of open sea, nobody's county. Neighbours
 * share their borders to the last digit, and every project lies inside its own (demo_play.c, enter_place). */
#include "demo/demo_inside.h"
#include "store/file_rows.h"

enum {
	BENDS = 10,
	WANDER = 42
}; /* points on a border between two corners; how far a point strays, in 1e-4 degrees */

struct spot {
	int lon, lat; /* 1e-4 degrees */
};

/* Where the border point stands: the same for both sides, as it depends on nothing but its place in the net. */
static struct spot stray(int lon, int lat)
{
	struct demo_dice dice = {(uint64_t)lon * 100003 + (uint64_t)lat};
	int east = dice_between(&dice, -WANDER, WANDER), north = dice_between(&dice, -WANDER, WANDER);
	return (struct spot){lon + east, lat + north};
}

static void write_spot(struct json_writer *w, struct spot s)
{
	jw_array(w);
	jw_decimal(w, s.lon, 4);
	jw_decimal(w, s.lat, 4);
	jw_array_end(w);
}

/* From one corner towards the next, without the last point. */
static void write_side(struct json_writer *w, struct spot from, struct spot to)
{
	for (int i = 0; i < BENDS; i++)
		write_spot(w,
			stray(from.lon + (to.lon - from.lon) * i / BENDS,
				from.lat + (to.lat - from.lat) * i / BENDS));
}

static void write_place(struct json_writer *w, int place, const char *name)
{
	int west = DEMO_WEST + place % DEMO_ACROSS * DEMO_WIDE,
		south = DEMO_SOUTH + place / DEMO_ACROSS * DEMO_HIGH;
	struct spot corners[] = {{west, south}, {west + DEMO_WIDE, south},
		{west + DEMO_WIDE, south + DEMO_HIGH}, {west, south + DEMO_HIGH}};
	jw_object(w);
	jw_kt(w, "type", "Feature");
	jw_key(w, "properties");
	jw_object(w);
	jw_kt(w, "name", name);
	jw_object_end(w);
	jw_key(w, "geometry");
	jw_object(w);
	jw_kt(w, "type", "Polygon");
	jw_key(w, "coordinates");
	jw_array(w);
	jw_array(w);
	for (int i = 0; i < 4; i++)
		write_side(w, corners[i], corners[(i + 1) % 4]);
	write_spot(w, stray(corners[0].lon, corners[0].lat));
	jw_array_end(w);
	jw_array_end(w);
	jw_object_end(w);
	jw_object_end(w);
}

static void write_county(struct str *out)
{
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_kt(&w, "type", "FeatureCollection");
	jw_key(&w, "features");
	jw_array(&w);
	for (int i = 0; i < DEMO_PLACES; i++)
		write_place(&w, i, i < DEMO_TOWNS ? demo_towns[i] : demo_parks[i - DEMO_TOWNS]);
	jw_array_end(&w);
	jw_object_end(&w);
	jw_end(&w);
}

bool demo_draw_map(struct demo *demo, const struct person *by, struct err *err)
{
	struct str text = STR_INIT;
	struct pen pen;
	write_county(&text);
	struct file_row row = {
		.name = "demo-county.geojson.txt",
		.type = "text/plain",
		.by = by->account,
		.at = demo->now,
		.taken_at = INSTANT_NONE,
	};
	bool done = file_put(demo->app->store, str_view(&text), &row, err);
	str_free(&text);
	if (!done)
		return false;
	char id[UUID_TEXT];
	uuid_format(row.id, id);
	pen_take(&pen, demo, by, demo->begin, 8 * 60);
	struct draft *d = pen_create(&pen, "map_layer", NULL);
	pen_text(&pen, d, "name", "镇街园区边界（演示，虚构）");
	pen_text(&pen, d, "kind", "boundary");
	pen_text(&pen, d, "file", id);
	pen_text(&pen, d, "datum", "wgs84");
	pen_text(&pen, d, "approval", "演示数据：边界为虚构，不是任何真实行政区划");
	pen_text(&pen, d, "source", "演示程序生成");
	return pen_send(&pen, err);
}
