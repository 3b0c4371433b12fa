// The map and its layers.
import { wordsOf } from '../base/i18n'

export const words = {
	'map': ['地图', 'Map'],
	'map.help': ['方向键移动，＋ － 缩放；右侧清单与图上一致', 'Arrow keys move, + and − zoom; the list beside shows the same'],
	'map.zoomin': ['放大', 'Zoom in'],
	'map.zoomout': ['缩小', 'Zoom out'],
	'map.fit': ['全部显示', 'Show all'],
	'map.list': ['图内项目', 'Projects in view'],
	'map.list.n': ['图内 {n} 个项目', '{n} projects in view'],
	'map.nowhere': ['{n} 个项目没有位置', '{n} projects without a place'],
	'map.none': ['没有可上图的项目', 'No project with a place'],
	'map.layers': ['图层', 'Layers'],
	'map.layer.add': ['导入图层', 'Import a layer'],
	'map.layer.none': ['还没有图层。导入本单位的边界后，项目会落在其上。', 'No layers yet. Import the boundaries of your area to see projects on them.'],
	'map.here': ['此处项目', 'Projects here'],
	'map.show': ['在图上显示 {what}', 'Show {what} on the map'],
	'map.tiles.outside': ['瓦片地址须在本服务器上：{url}', 'Tiles must come from this server: {url}'],
	'layer.file': ['图层文件', 'File of the layer'],
	'layer.file.help': ['GeoJSON、TopoJSON，或 Shapefile（同时选 .shp .dbf .prj .cpg）', 'GeoJSON, TopoJSON, or a shapefile (choose .shp, .dbf, .prj and .cpg together)'],
	'layer.choose': ['选择文件', 'Choose files'],
	'layer.read': ['读到 {n} 个要素', '{n} features read'],
	'layer.datum.help': ['文件不写明坐标系时请核对：在线地图下载的多为 GCJ-02，天地图为 CGCS2000', 'Check it where the file does not say: what was taken from online maps is mostly GCJ-02, Tianditu is CGCS2000'],
	'layer.bad.json': ['“{name}”不是可读的 GeoJSON 或 TopoJSON', '"{name}" is no GeoJSON or TopoJSON that can be read'],
	'layer.bad.kind': ['请选 .geojson .json .topojson 或 .shp 文件', 'Choose a .geojson, .json, .topojson or .shp file'],
	'layer.bad.none': ['文件里没有点、线、面', 'The file holds no points, lines or areas'],
	'layer.bad.shp': ['不是 Shapefile：文件头不对', 'This is no shapefile: its head is wrong'],
	'layer.bad.cut': ['Shapefile 第 {n} 条记录不完整，文件可能没有拷全', 'The shapefile is cut at record {n}; perhaps it was not copied whole'],
	'layer.bad.type': ['Shapefile 第 {n} 条记录是不支持的类型 {type}', 'Record {n} of the shapefile is of kind {type}, which is not supported'],
	'layer.bad.projected': ['坐标是以米计的投影坐标（{name}）：请先在 GIS 软件里转成经纬度', 'Its coordinates are projected, in metres ({name}): turn them into degrees in a GIS first'],
	'layer.save': ['存为图层', 'Keep as a layer'],
} as const
export const t = wordsOf(words)
