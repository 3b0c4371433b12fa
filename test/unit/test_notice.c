/* Notices of the State Council, in the forms they have had, against the days that facts/holidays.json has of those years. */
#include "test/unit/cmocka_all.h"
#include "test/unit/err_check.h"

#include <stdio.h>

#include "intake/notice.h"
#include "model/calendar.h"

static const char of_2014[] =
	"一、元旦：1月1日放假1天。\n"
	"二、春节：1月31日至2月6日放假调休，共7天。1月26日（星期日）、2月8日（星期六）上班。\n"
	"三、清明节：4月5日放假，4月7日（星期一）补休。\n"
	"四、劳动节：5月1日至3日放假调休，共3天。5月4日（星期日）上班。\n"
	"五、端午节：6月2日放假，与周末连休。\n"
	"六、中秋节：9月8日放假，与周末连休。\n"
	"七、国庆节：10月1日至7日放假调休，共7天。9月28日（星期日）、10月11日（星期六）上班。\n";
static const char of_2023[] =
	"国务院办公厅关于2023年部分节假日安排的通知\r\n"
	"一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。\r\n"
	"二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。\r\n"
	"三、清明节：4月5日放假，共1天。\r\n"
	"四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。\r\n"
	"五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。\r\n"
	"六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班"
	"。\r\n"
	"2022年12月8日\r\n";
static const char of_2026[] =
	"现将2026年元旦等假期安排如下。\n"
	"　　一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。\n"
	"二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日"
	"（周六）、2月28日（周六）上班。\n"
	"三、清明节：4月4日（周六）至6日（周一）放假，共3天。\n"
	"四、劳动节: 5 月 1 日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。\n"
	"五、端午节：6月19日（周五）至21日（周日）放假，共3天。\n"
	"六、中秋节：9月25日（周五）至27日（周日）放假，共3天。\n"
	"七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班"
	"。\n";

static bool works(const struct notice *n, struct date d)
{
	bool work = date_weekday(d) <= 5;
	for (int i = 0; i < n->n; i++)
		if (d.day >= n->days[i].from.day && d.day <= n->days[i].until.day)
			work = n->days[i].work;
	return work;
}

static void the_text_gives_the_years_days(void **state)
{
	static const struct {
		int asked, year;
		const char *text;
	} years[] = {{2014, 2014, of_2014}, {0, 2023, of_2023}, {0, 2026, of_2026}};
	struct arena *a = arena_open();
	const struct calendar *c;
	struct err err = {0};
	assert_true(calendar_builtin(a, NULL, 0, &c, &err));
	for (size_t i = 0; i < countof(years); i++) {
		struct notice n;
		assert_true(notice_read(a, slice_of(years[i].text), years[i].asked, &n, &err));
		assert_int_equal(n.year, years[i].year);
		assert_int_equal(n.nunread, 0);
		for (struct date d = date_from_ymd(n.year, 1, 1); date_year(d) == n.year; d.day++)
			if (works(&n, d) != calendar_is_workday(c, COUNT_OFFICE, d) &&
				!(d.day >= date_from_ymd(n.year, 12, 30).day)) /* of the next notice */
				fail_msg("%d: day %d", n.year, d.day - date_from_ymd(n.year, 1, 1).day);
	}
	arena_close(a);
	(void)state;
}

static void a_span_over_new_year_and_its_name(void **state)
{
	struct arena *a = arena_open();
	struct notice n;
	struct err err = {0};
	assert_true(notice_read(a, SLICE("十一、元旦：2026年12月31日至1月2日休息。"), 2027, &n, &err));
	assert_int_equal(n.n, 1);
	assert_true(slice_is(n.days[0].name, "元旦"));
	assert_int_equal(n.days[0].from.day, date_from_ymd(2026, 12, 31).day);
	assert_int_equal(n.days[0].until.day, date_from_ymd(2027, 1, 2).day);
	arena_close(a);
	(void)state;
}

static void what_is_not_understood_is_handed_back(void **state)
{
	static const char text[] =
		"元旦：1月1日放假。1月3日（星期日）上班。\n国庆节：0月1日至8日放假调休。\n"
		"中秋节：将9月30日公休日调至9月28日，9月30日上班。\n端午节：6月9日。\n"
		"清明节：2月30日放假。\n值班电话：12345\n";
	struct arena *a = arena_open();
	struct notice n;
	struct err err = {0};
	assert_true(notice_read(a, slice_of(text), 2027, &n, &err));
	assert_int_equal(n.n, 2);
	assert_int_equal(n.nunread, 4);
	assert_true(slice_is(n.unread[2], "端午节：6月9日。"));
	assert_false(notice_read(a, slice_of(text), 0, &n, &err)); /* of which year? */
	assert_place(&err, "year", NULL);
	assert_true(notice_read(a,
		SLICE("劳动节：2029年5月1日放假。\n元旦：2027年12月31日至2026年1月2日放假。\n"), 2027, &n,
		&err)); /* of another year, backwards */
	assert_int_equal(n.n, 0);
	assert_int_equal(n.nunread, 2);
	assert_false(notice_read(a, SLICE("2027年\n各单位：\n"), 0, &n, &err));
	assert_place(&err, "text", NULL);
	arena_close(a);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_text_gives_the_years_days),
		cmocka_unit_test(a_span_over_new_year_and_its_name),
		cmocka_unit_test(what_is_not_understood_is_handed_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
