"""Writes the invented ledgers of this folder, in the shapes in which offices keep them. All names are made up.

usage: make.py          (the files are in the tree; run it after changing this one)
"""
import os
import zipfile
from xml.sax.saxutils import escape

here = os.path.dirname(os.path.abspath(__file__))


class Day(float):
    """A date as a spreadsheet holds it."""


class Red(str):
    """A remark in red."""


def letters(column):
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def cell_xml(row, column, value):
    place = f"{letters(column)}{row}"
    if value is None:
        return ""
    if isinstance(value, Day):
        return f'<c r="{place}" s="1"><v>{float(value):g}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    style = ' s="2"' if isinstance(value, Red) else ""
    return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def sheet_xml(rows, merges):
    lines = "".join(f'<row r="{i}">' + "".join(cell_xml(i, c, v) for c, v in enumerate(row)) + "</row>"
                    for i, row in enumerate(rows, 1))
    joined = "".join(f'<mergeCell ref="{m}"/>' for m in merges)
    joined = f'<mergeCells count="{len(merges)}">{joined}</mergeCells>' if merges else ""
    return ('<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f"<sheetData>{lines}</sheetData>{joined}</worksheet>")


STYLES = ('<?xml version="1.0" encoding="UTF-8"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
          '<fonts count="2"><font><sz val="11"/></font><font><sz val="11"/><color rgb="FFFF0000"/></font></fonts>'
          '<fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
          '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="0" fontId="1"/></cellXfs>'
          "</styleSheet>")


def workbook(name, sheets):
    """sheets: (name, rows, merges)."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    n = len(sheets)
    parts = {
        "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kinds}.styles+xml"/>'
        + "".join(f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{kinds}.worksheet+xml"/>'
                  for i in range(1, n + 1)) + "</Types>",
        "_rels/.rels": '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="r1" Type="{rels}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        f'2006/main" xmlns:r="{rels}"><sheets>'
        + "".join(f'<sheet name="{escape(s[0])}" sheetId="{i}" r:id="r{i}"/>' for i, s in enumerate(sheets, 1))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.'
        'org/package/2006/relationships">'
        + "".join(f'<Relationship Id="r{i}" Type="{rels}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in range(1, n + 1))
        + f'<Relationship Id="r{n + 1}" Type="{rels}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
    }
    for i, (_, rows, merges) in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{i}.xml"] = sheet_xml(rows, merges)
    with zipfile.ZipFile(os.path.join(here, name), "w", zipfile.ZIP_DEFLATED) as z:
        for path, text in parts.items():
            z.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), text.encode(), zipfile.ZIP_DEFLATED)


def table(name, text, encoding="utf-8"):
    with open(os.path.join(here, name), "wb") as f:
        f.write(text.encode(encoding))


# A title, the unit of amounts, a header of three rows with merged cells, sums on top and between, and red notes below.
workbook("merged_header.xlsx", [("重点项目", [
    ["云岭县2026年重点项目推进台账"],
    ["填报单位：云岭县项目办", None, None, None, None, None, None, None, "单位：万元"],
    ["序号", "项目名称", "项目概况", None, "投资情况", None, "时间节点", None, "责任单位"],
    [None, None, "建设内容及规模", "建设性质", "资金", None, "计划", None, None],
    [None, None, None, None, "总投资", "固定资产投资", "开工时间", "竣工时间", None],
    ["合  计", None, None, None, 48800.5, 37000],
    [1, "白石河防洪堤", "新建堤防 12 公里", "新建", 12800.5, 11000, "2026年3月", "2027年底", "水利局"],
    [2, "云岭东大道改造", "改造道路 6.4 公里", "改建", 26000, 20000, "2026.4", "2027.10.31", "住建局"],
    ["小计", "2 个项目", None, None, 38800.5, 31000],
    [3, "双桥镇敬老院", "床位 200 张", "扩建", 10000, 6000, "2026年五月底", "2027年上半年", "民政局"],
    [Red("注：红色为本月新增项目，数据截至三月底")],
    ["填表人：丁一", None, None, "审核人：丙二"],
], ["A1:I1", "A3:A5", "B3:B5", "C3:D3", "C4:C5", "D4:D5", "E3:F3", "E4:F4", "G3:H3", "G4:H4", "I3:I5", "A11:I11"])])

# GB18030, amounts in 亿元, one cell in 万元, a name of the county's own in a rare character.
table("gb18030.csv", """项目名称,总投资（亿元）,所在镇街,牵头单位,项目类别
龙潭水库扩建工程,3.25,龙潭镇,水利局,水利
䶮溪抽水蓄能电站,61.8,溪口乡,发改局,能源
冷链物流园一期,8000万元,城关镇,商务局,服务业
合计,65.85,,,
""", "gb18030")

# Dates as people write them, with two cells that cannot be read.
workbook("dates.xlsx", [("台账", [
    ["项目名称", "开工时间", "竣工时间"],
    ["甲字一号标准厂房", "2024年5月", Day(46022)],
    ["乙字二号标准厂房", "2024.5.20", "2025.12"],
    ["丙字三号标准厂房", "2024年五月底", "2025年第三季度"],
    ["丁字四号标准厂房", "2024Q3", "2025年底"],
    ["戊字五号标准厂房", 45413, "2026-06-30"],
    ["己字六号标准厂房", "2024/5/6", "待定"],
    ["庚字七号标准厂房", "5/6/24", "2026年13月"],
], [])])

# Project codes that the spreadsheet took for numbers: two different ones look the same now.
workbook("damaged_codes.xlsx", [("Sheet1", [
    ["序号", "项目代码", "项目名称", "总投资（万元）"],
    [1, "2305-310115-04-01-123456", "春江路小学", 9000],
    [2, 2.305310115040112e+23, "春江路中学", 12000],
    [3, "2.30531E+23", "春江路幼儿园", 3000],
    [4, "2.30531E+23", "春江路职业学校", 21000],
], [])])

# One sheet per category with the same headings, a sheet of sums, and one that explains.
HEAD = ["序号", "项目名称", "总投资（万元）", "牵头单位"]
workbook("sheets_by_category.xlsx", [
    ["填表说明", [["本表由各责任单位每月 25 日前填报"], ["项目名称应与立项批复一致"]], []],
    ["汇总", [["类别", "个数", "总投资"], ["工业", 2, 30000], ["交通", 1, 88000], ["社会民生", 1, 4200]], []],
    ["工业项目", [["2026年工业项目"], HEAD, [1, "轴承产业园", 18000, "工信局"], [2, "饲料加工厂", 12000, "农业农村局"],
              ["合计", None, 30000]], ["A1:D1"]],
    ["交通类", [["2026年交通项目"], HEAD, [1, "县道三〇二改线", 88000, "交通局"], ["合计", None, 88000]], ["A1:D1"]],
    ["社会民生", [["2026年民生项目"], HEAD, [1, "县人民医院门诊楼", 4200, "卫健局"], ["合计", None, 4200]], ["A1:D1"]],
])

# Headings between the rows, with their own counts and sums beside them.
workbook("sections.xlsx", [("2026", [
    ["安宁区重大项目清单（单位：亿元）"],
    ["序号", "项目名称", "总投资", "建设地点"],
    [None, "总计（5个）", 41.5],
    ["一", "交通项目（2个）", 24],
    [1, "南环快速路", 20, "城南街道"],
    [2, "客运枢纽站", 4, "城南街道"],
    ["二", "工业项目（3个）", 17.5],
    ["（一）", "续建（1个）", 8],
    [3, "玻璃纤维二线", 8, "高新区"],
    ["（二）", "新建（2个）", 9.5],
    [4, "锂电隔膜", 6.5, "高新区"],
    [5, "电子陶瓷", 3, "高新区"],
], ["A1:D1"])])

# The same rows twice, a code twice, a total that is wrong, an amount ten thousand times too large.
table("duplicates.csv", """项目代码,项目名称,总投资（万元）,备注
2305-310115-04-01-123456,海棠路雨污分流,3600,
2305-310115-04-01-123456,海棠路雨污分流,3600,重复录入
,玉兰公园,5200,
,玉兰公园,5200,
,丹桂苑安置房,41000,
,金菊养老中心,6100,
,月季花卉市场,2900,
,水仙污水处理厂,127000000,
,腊梅停车楼,4800,
合计,,999999,
""")

# Units under their short and former names, some that nobody has entered yet.
table("units.csv", """名称,简称,类别
云岭县发展和改革局,县发改局,部门
云岭县住房和城乡建设局,住建局,部门
双桥镇人民政府,双桥镇,镇街
""")
table("aliases.csv", """项目名称,牵头单位,责任领导,协调保障单位
双桥产业园,县发改局,丁一,住建局、双桥镇
旧城改造三期,云岭县住房和城乡建设局,丙二,县发改局
物流通道,县交通运输局,丙二,双桥镇；住建局
滨河步道,住 建 局,丁一,
""")
