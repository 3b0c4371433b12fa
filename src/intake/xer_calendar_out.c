/* A calendar as P6 writes it: all seven days, then every day that differs. See xer_calendar.c for the form. */
#include "intake/calendar_days.h"
#include "intake/xer_out.h"

#define EXCEL_DAY_OF_1970 25569

static void put_shifts(struct str *s, const struct day_shifts *day)
{
	for (int32_t i = 0; i < day->n; i++) {
		int from = day->shifts[i].from % MINUTES_PER_DAY, to = day->shifts[i].to % MINUTES_PER_DAY;
		str_printf(s, "(0||%d(s|%02d:%02d|f|%02d:%02d)())", (int)i, from / 60, from % 60, to / 60,
			to % 60);
	}
}

char *xer_calendar_text(struct arena *a, const struct plan *plan, int32_t calendar)
{
	struct day_shifts week[7];
	struct str s = STR_INIT;
	int32_t nspans, count = 0;

	calendar_week_of(plan, calendar, week);
	str_puts(&s, "(0||CalendarData()((0||DaysOfWeek()(");
	for (int d = 0; d < 7; d++) { /* 1 is Sunday */
		str_printf(&s, "(0||%d()(", d + 1);
		put_shifts(&s, &week[(d + 6) % 7]);
		str_puts(&s, "))");
	}
	str_puts(&s, "))(0||VIEW(ShowTotal|N)())(0||Exceptions()(");
	const struct day_span *spans = calendar_spans(a, plan, &calendar, 1, &nspans);
	for (int32_t i = 0; i < nspans; i++)
		for (struct date at = spans[i].from; at.day <= spans[i].to.day; at.day++) {
			int weekday = date_weekday(at) - 1;
			struct day_shifts day = calendar_day(plan, calendar, at, weekday);
			if (day_shifts_equal(&day, &week[weekday]))
				continue;
			str_printf(&s, "(0||%d(d|%d)(", (int)count++, (int)(at.day + EXCEL_DAY_OF_1970));
			put_shifts(&s, &day);
			str_puts(&s, "))");
		}
	str_puts(&s, "))))");
	char *text = arena_text(a, str_view(&s));
	str_free(&s);
	return text;
}
