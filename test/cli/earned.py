"""guatu plan earned, against published figures.

CURVE: planned and earned value of a project of nine weeks that takes eleven, with its earned schedule in weeks 1 to 6, from M.
Vanhoucke's PM Knowledge Center, "Earned Value Management: Forecasting time" (pmknowledgecenter.com/node/167).
FORMULAS: IEAC(t) = PD / SPI(t) and TSPI = (PD - ES) / (PD - AT), from W. Lipke and K. Henderson, "Earned Schedule Training", EVA-11,
June 2006, slide 24; here of the ES that CURVE publishes, not of ours.
QUESTION: five months planned, three gone, half of the work done: SPI(t) 0.83, from the PMP exam forum of
project-management-prepcast.com, topic 9649.
PRA: the example of spi() in the R package PRA (paulgovan.github.io/PRA/reference/spi.html)."""
import json
import os
import subprocess
import sys
import tempfile
from datetime import date, timedelta

PROGRAM = sys.argv[1]
START = date(2026, 3, 2)  # a Monday
PV = [5, 10, 25, 55, 85, 120, 130, 140, 150]
EV = [3.33, 6.67, 10.00, 22.50, 70.00, 82.50, 90.00, 120.00, 130.00, 140.00, 150.00]
ES = [0.67, 1.33, 2.00, 2.83, 4.50, 4.92]


def plan(tasks, weeks_gone):
    """Tasks of a week each: in which week, what it is worth, which share is done."""
    rows = []
    for i, (week, value, done) in enumerate(tasks):
        begin = START + timedelta(days=7 * week)
        rows.append({"id": f"T{i}", "duration": "5d", "percent_type": "physical", "percent": round(done * 100, 2),
                     "planned_start": f"{begin}T08:00", "planned_finish": f"{begin + timedelta(days=4)}T17:00",
                     "cost_cents": value * 10**8, "quantity": value * 10**4, "quantity_done": round(value * 10**4 * done)})
        if done:
            rows[-1]["actual_start"] = f"{begin}T08:00"
        if done == 1:
            rows[-1]["actual_finish"] = f"{begin + timedelta(days=4)}T17:00"
    now = START + timedelta(days=7 * weeks_gone - 3)
    return {"guatu_plan": 1, "calendars": [{"id": "c", "week": {"mon-fri": "08:00-12:00 13:00-17:00"}}],
            "projects": [{"id": "P", "start": f"{START}", "data_date": f"{now}T17:00", "calendar": "c"}], "tasks": rows}


def earned(body):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "plan.json")
        open(path, "w").write(json.dumps(body))
        done = subprocess.run([PROGRAM, "plan", "earned", path, "--json"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        table = subprocess.run([PROGRAM, "plan", "earned", path, "--lang", "en"], capture_output=True, text=True)
        assert "SPI(t)" in table.stdout, table.stdout
    return {x["series"]: x for x in json.loads(done.stdout)}


def near(got, want, by, what):
    assert abs(got - want) <= by, f"{what}: {got}, not {want}"


def published_curve():
    """Thirty tasks worth 5 each, as many side by side as a week's plan is worth; money, work and quantity say the same."""
    steps = [b - a for a, b in zip([0, *PV], PV)]
    for week in range(11):
        left, tasks = EV[week], []
        for w, step in enumerate(steps):
            for _ in range(step // 5):
                done = min(1, max(0, left / 5))
                tasks.append((w, 5, done))
                left -= 5
        got = earned(plan(tasks, week + 1))
        assert sorted(got) == ["investment", "quantity", "work"]
        for series, per in (("investment", 10**6), ("work", 40 / 5), ("quantity", 10**4)):
            x = got[series]
            what = f"week {week + 1}, {series}"
            near(x["planned_total"] / per, 150, 0, what)
            near(x["planned"] / per, PV[min(week, 8)], 1e-6, what)
            near(x["earned"] / per, EV[week], 0.005, what)
            near(x["spi"], EV[week] / PV[min(week, 8)], 0.002, what)
            near(x["actual_time_h"] / 40, week + 1, 0, what)
            near(x["planned_duration_h"] / 40, 9, 0, what)
            if week < 6:
                near(x["earned_schedule_h"] / 40, ES[week], 0.0051, what)
                near(x["spi_t"], ES[week] / (week + 1), 0.006, what)
                near(x["tspi"], (9 - ES[week]) / (9 - (week + 1)), 0.003, what)
                near(weeks_of(x["forecast_finish"]), 9 * (week + 1) / ES[week], 0.011 * 9 * (week + 1) / ES[week], what)
            elif week >= 8:  # its planned finish has passed: no pace meets it
                assert x["tspi"] is None, x
    # done: it took eleven weeks, says the source
    assert x["spi"] == 1 and weeks_of(x["forecast_finish"]) == 11, x
    near(x["spi_t"], 9 / 11, 0.0005, "at the end")


def weeks_of(moment):
    """Weeks of five days of eight hours from START to a moment in working time."""
    day, hour = date.fromisoformat(moment[:10]), int(moment[11:13]) + int(moment[14:16]) / 60
    days = (day - START).days
    return (days // 7 * 5 + days % 7 + (hour - 8 - (1 if hour > 12 else 0)) / 8) / 5


def question():
    x = earned(plan([(w, 20, min(1, max(0, 2.5 - w))) for w in range(5)], 3))["work"]
    near(x["spi_t"], 0.83, 0.005, "QUESTION")


def pra_example():
    shares = [10, 10, 20, 30, 30]
    x = earned(plan([(w, s, min(1, max(0, (35 - sum(shares[:w])) / s))) for w, s in enumerate(shares)], 3))["investment"]
    near(x["planned"] / x["planned_total"], 0.4, 0, "PRA")
    near(x["earned"] / x["planned_total"], 0.35, 0, "PRA")
    assert x["spi"] == 0.875, x


def quantities():
    body = plan([(0, 5, 1), (1, 5, 0.5), (2, 5, 0)], 3)
    for task in body["tasks"]:
        task["quantity_unit"] = "m"
        del task["quantity_done"]
    x = earned(body)["quantity"]
    assert (x["unit"], x["planned_total"], x["earned"]) == ("m", 150000, 75000), f"by the share done: {x}"
    body["tasks"][2]["quantity_unit"] = "t"
    assert sorted(earned(body)) == ["investment", "work"], "metres and tonnes are not added up"


published_curve()
question()
quantities()
pra_example()
print("earned value and earned schedule are those published")
