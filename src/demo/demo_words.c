#include "demo/demo_words.h"

#include <stddef.h>

const char *const demo_towns[DEMO_TOWNS] = {"澜东街道", "澜西街道", "霁月镇", "星垂镇", "稻香坪镇",
	"鹿鸣埠镇", "烟雨渡镇", "望潮镇", "竹里庄镇", "画溪镇", "松涛岭镇", "雁回滩镇", "沙鸥镇",
	"晴岚乡", "听泉乡", "归云乡"};
const char *const demo_parks[DEMO_PARKS] = {
	"澜川经济开发区", "澜川新材料产业园", "望潮临港物流园", "画溪农产品加工园"};

const struct demo_unit demo_headquarters[DEMO_HEADQUARTERS] = {
	{"工业项目指挥部", "工业指挥部", "headquarters", "gongye"},
	{"交通项目指挥部", "交通指挥部", "headquarters", "jiaotong"},
	{"水利能源项目指挥部", "水利能源指挥部", "headquarters", "shuili"},
	{"城建项目指挥部", "城建指挥部", "headquarters", "chengjian"},
	{"农业农村项目指挥部", "农业指挥部", "headquarters", "nongye"},
	{"商贸文旅项目指挥部", "商贸文旅指挥部", "headquarters", "wenlv"},
	{"社会事业项目指挥部", "社会事业指挥部", "headquarters", "shehui"},
};

const struct demo_unit demo_task_forces[DEMO_TASK_FORCES] = {
	{"要素保障专班", "要素专班", "task_force", "yaosu"},
	{"征地拆迁专班", "征拆专班", "task_force", "zhengchai"},
	{"资金争取专班", "资金专班", "task_force", "zijin"},
	{"入库纳统专班", "纳统专班", "task_force", "natong"},
};

const struct demo_unit demo_departments[DEMO_DEPARTMENTS] = {
	{"县发展和改革局", "发改局", "department", "fagai"},
	{"县工业和信息化局", "工信局", "department", "gongxin"},
	{"县自然资源局", "资源局", "department", "ziyuan"},
	{"县住房和城乡建设局", "住建局", "department", "zhujian"},
	{"县交通运输局", "交通局", "department", "jiaotongju"},
	{"县水利局", "水利局", "department", "shuiliju"},
	{"县农业农村局", "农业局", "department", "nongyeju"},
	{"县文化和旅游局", "文旅局", "department", "wenlvju"},
	{"县教育局", "教育局", "department", "jiaoyu"},
	{"县卫生健康局", "卫健局", "department", "weijian"},
	{"县生态环境分局", "环境局", "department", "huanjing"},
	{"县财政局", "财政局", "department", "caizheng"},
	{"县商务局", "商务局", "department", "shangwu"},
	{"县能源服务中心", "能源中心", "department", "nengyuan"},
};

static const char *const plant_titles[] = {"%s年产%d万件精密铸件项目",
	"%s年产%d万吨高性能膜材料项目", "%s年产%d万套智能阀门项目", "%s年产%d万台电机壳体项目",
	"%s年产%d万吨水性涂料项目", "%s年产%d万米特种线缆项目", NULL};
static const char *const upgrade_titles[] = {"%s数字化车间改造项目（%d条生产线）",
	"%s节能降碳技术改造项目（%d台套）", "%s智能仓储升级项目（%d个库位单元）", NULL};
static const char *const strategic_titles[] = {"%s储能电池结构件项目（年产%d万套）",
	"%s光学镜片项目（年产%d万片）", "%s医用耗材项目（年产%d万盒）", NULL};
static const char *const road_titles[] = {"%s至县城公路改建工程（%d公里）",
	"%s产业大道新建工程（%d公里）", "%s大桥及引线工程（%d公里）", NULL};
static const char *const water_titles[] = {"%s供水一体化工程（日供水%d千吨）",
	"%s河道综合治理工程（%d公里）", "%s灌区续建工程（%d千亩）", NULL};
static const char *const energy_titles[] = {
	"%s分布式光伏项目（%d兆瓦）", "%s输变电工程（%d千伏安单元）", NULL};
static const char *const urban_titles[] = {"%s老旧小区改造项目（%d栋）",
	"%s污水管网提升工程（%d公里）", "%s标准厂房建设项目（%d千平方米）",
	"%s停车场及充电设施项目（%d个泊位）", NULL};
static const char *const farm_titles[] = {"%s高标准农田建设项目（%d百亩）",
	"%s冷链物流中心项目（%d千吨库容）", "%s果蔬深加工项目（年产%d百吨）", NULL};
static const char *const trade_titles[] = {"%s商贸综合体项目（%d千平方米）",
	"%s滨水文旅街区项目（%d千平方米）", "%s物流分拨中心项目（日均%d百单）", NULL};
static const char *const social_titles[] = {"%s中心学校迁建项目（%d个班）",
	"%s卫生院提升项目（%d张床位）", "%s养老服务中心项目（%d张床位）", NULL};
static const char *const ecology_titles[] = {
	"%s矿山生态修复项目（%d百亩）", "%s湿地保护项目（%d百亩）", NULL};

static const char *const building_stages[] = {"clearing", "piling", "foundation", "structure",
	"structure", "secondary_structure", "fit_out", "equipment_purchase", "equipment_installation",
	"commissioning", "acceptance", NULL};
static const char *const plain_stages[] = {
	"clearing", "foundation", "structure", "structure", "fit_out", "acceptance", NULL};
static const char *const road_stages[] = {"clearing", "subgrade", "subgrade", "bridge_tunnel",
	"pavement", "pavement", "traffic_safety", "open_traffic", NULL};
static const char *const field_stages[] = {"subgrade", "foundation", "foundation",
	"equipment_purchase", "equipment_installation", "equipment_installation", "structure",
	"commissioning", "trial_production", NULL};
static const char *const upgrade_stages[] = {"equipment_purchase", "equipment_purchase",
	"equipment_installation", "equipment_installation", "commissioning", "trial_production", NULL};

const struct demo_kind demo_kinds[] = {
	{"industry", "new", "enterprise", "filing", "3391", 0, 1, 26, 6000, 180000, 12, 30, true,
		plant_titles, building_stages, "industrial_plant"},
	{"technical_upgrade", "rebuild", "enterprise", "filing", "3489", 0, 1, 10, 2000, 30000, 6, 15,
		true, upgrade_titles, upgrade_stages, "technical_upgrade"},
	{"strategic", "new", "enterprise", "filing", "3841", 0, 1, 8, 20000, 400000, 15, 36, true,
		strategic_titles, building_stages, "industrial_plant"},
	{"transport", "new", "government", "approval", "4812", 1, 4, 11, 5000, 160000, 12, 36, false,
		road_titles, road_stages, "road"},
	{"water", "new", "government", "approval", "4822", 2, 5, 7, 3000, 60000, 10, 28, false,
		water_titles, plain_stages, "water_works"},
	{"energy", "new", "state_owned", "verification", "4416", 2, 13, 5, 8000, 120000, 8, 20, true,
		energy_titles, field_stages, "wind_solar"},
	{"infrastructure", "new", "government", "approval", "4813", 3, 3, 12, 2000, 80000, 8, 26, false,
		urban_titles, plain_stages, "industrial_park"},
	{"agriculture", "new", "enterprise", "filing", "1371", 4, 6, 7, 2000, 40000, 8, 20, true,
		farm_titles, plain_stages, "standard_workshop"},
	{"services", "new", "enterprise", "filing", "5212", 5, 12, 6, 5000, 150000, 14, 32, true,
		trade_titles, building_stages, "standard_workshop"},
	{"social", "new", "government", "approval", "8331", 6, 8, 6, 2000, 50000, 10, 26, false,
		social_titles, plain_stages, "school_hospital"},
	{"ecology", "restore", "government", "approval", "7711", 2, 10, 2, 1000, 20000, 8, 18, false,
		ecology_titles, plain_stages, "water_works"},
};
const int ndemo_kinds = (int)countof(demo_kinds);

const char *const demo_surnames[] = {"澹台", "东里", "公良", "百里", "钟离", "端木", "谷梁", "拓跋",
	"夹谷", "宰父", "漆雕", "乐正", "壤驷", "巫马"};
const int ndemo_surnames = (int)countof(demo_surnames);
const char *const demo_given[] = {"屿川", "知夏", "闻溪", "望舒", "砚青", "听澜", "怀瑾", "牧之",
	"云起", "南乔", "照野", "拾光", "星阑", "问渠", "松月", "临风", "惊蛰", "白露", "清和", "长庚",
	"既明", "朝歌", "晚舟", "石溪"};
const int ndemo_given = (int)countof(demo_given);

const char *const demo_firms[] = {"澜峰", "霁川", "星屿", "稻海", "鹿原", "潮生", "竹石", "画屏",
	"松岳", "雁鸿", "鸥洋", "岚光", "泉石", "云帆", "砚山", "明屿", "朗星", "沛泽", "衡川", "启澜",
	"盛屿", "宏岚", "远汀", "晟原", "景澜", "浩屿", "瑞汀", "恒岚", "凌川", "泽屿"};
const int ndemo_firms = (int)countof(demo_firms);

const struct demo_issue demo_issues[] = {
	{"clearing", "用地范围内3户房屋尚未签订搬迁协议", "补偿标准有异议",
		"属地一周内逐户见面，专班现场会办", "三户已签约并腾空，场地移交施工单位", 2},
	{"land", "项目用地指标未落实，无法供地", "年度计划指标紧张", "从存量盘活中调剂指标",
		"指标已调剂到位，完成供地公告", 2},
	{"permits", "施工许可证因图审意见未闭合未能核发", "图审意见回复不及时",
		"住建窗口提前介入，容缺受理", "图审通过，施工许可证已核发", 3},
	{"utilities", "厂区临时用电容量不足", "上级变电站间隔未排期", "能源中心协调增容方案",
		"临时箱变已投运，满足施工用电", 13},
	{"funding", "第二批贷款未按期投放", "抵押登记材料缺项", "金融专班对接银行补齐材料",
		"贷款已投放，可支付到明年一季度", 11},
	{"supply", "砂石料供应紧张，影响主体施工", "周边料场停产整治", "协调邻县料场定向供应",
		"已签订供应协议，日供料恢复正常", 3},
	{"labour", "节后返岗工人不足，仅到位六成", "木工、钢筋工紧缺", "人社部门组织专场招工",
		"用工已补足，三班作业", 12},
	{"environment", "进场道路被堆放物占用，车辆无法通行", "历史遗留权属不清",
		"属地牵头清理并明确权属", "道路已清理，恢复通行", 2},
	{"preparation", "初步设计批复滞后，影响招标", "概算需重新核定", "发改局会同行业部门集中会审",
		"初设已批复，招标公告已发布", 0},
	{"equipment", "进口设备交货推迟两个月", "供应商排产调整", "调整安装顺序，先行安装国产设备",
		"设备已到场，安装计划重新排定", 1},
	{"safety", "深基坑监测预警，局部停工", "连续降雨导致边坡位移", "专家论证后加固",
		"加固完成，监测数据稳定，已复工", 3},
	{"energy_quota", "能耗指标审查未通过", "单位产品能耗高于准入值", "优化工艺方案后重新申报",
		"节能审查意见已取得", 0},
};
const int ndemo_issues = (int)countof(demo_issues);
