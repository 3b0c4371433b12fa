// Projects on a map: points gathered into clusters that wear the colour and the shape of their worst light, lines and areas,
// over the office's own layers. Draws on a canvas of its own with OpenLayers; fetches nothing by itself.
import './hasown'
import OlMap from 'ol/Map.js'
import View from 'ol/View.js'
import Feature from 'ol/Feature.js'
import type { FeatureLike } from 'ol/Feature.js'
import GeoJSON from 'ol/format/GeoJSON.js'
import Point from 'ol/geom/Point.js'
import VectorLayer from 'ol/layer/Vector.js'
import VectorImageLayer from 'ol/layer/VectorImage.js'
import type TileLayer from 'ol/layer/Tile.js'
import Cluster from 'ol/source/Cluster.js'
import VectorSource from 'ol/source/Vector.js'
import { createEmpty, extend, isEmpty } from 'ol/extent.js'
import { defaults as interactions } from 'ol/interaction/defaults.js'
import { fromLonLat, toLonLat } from 'ol/proj.js'
import Circle from 'ol/style/Circle.js'
import Fill from 'ol/style/Fill.js'
import RegularShape from 'ol/style/RegularShape.js'
import Stroke from 'ol/style/Stroke.js'
import Style from 'ol/style/Style.js'
import Text from 'ol/style/Text.js'
import { slotOf, type Slot } from '../base/lights'
import type { Place, Places } from '../base/map_data'

export interface MapLayerData { id: string; name: string; kind: string; features: object; visible: boolean }
export interface MapOptions {
	label: string
	colour: (token: string) => string
	picked: (places: Place[]) => void
	moved: (inView: Place[]) => void
	/** Beside other things on a page: the wheel and a finger scroll the page, and the whole stays in sight when its room changes. */
	beside?: boolean
	/** A picture to look at from afar: nothing to press, its letters as large as those around it. */
	bare?: boolean
}

const WORLD = 'EPSG:3857'
const FORMAT = new GeoJSON({ dataProjection: 'EPSG:4326', featureProjection: WORLD })
// what is known to be bad is not hidden by what nobody knows
const ORDER: Slot[] = ['serious', 'warn', 'watch', 'undefined', 'none', 'exempt', 'green', 'outside']
const worse = (a: number | null, b: number | null) => ORDER.indexOf(slotOf(a)) - ORDER.indexOf(slotOf(b))
const placeOf = (f: FeatureLike): Place => f.get('place')
const byLight = (a: Place, b: Place) => worse(a.light, b.light) || (a.number < b.number ? -1 : 1)

/** A light's shape of the same area everywhere, so that no colour is needed to tell them apart. */
function shape(slot: Slot, fill: string, line: string, radius: number): Circle | RegularShape {
	const paint = { fill: new Fill({ color: fill }), stroke: new Stroke({ color: line, width: 1.5 }) }
	const hollow = { fill: new Fill({ color: '#fff' }), stroke: new Stroke({ color: fill, width: 3 }) }
	switch (slot) {
		case 'watch': return new RegularShape({ ...paint, points: 3, radius: radius * 1.35, displacement: [0, -radius * 0.2] })
		case 'warn': return new RegularShape({ ...paint, points: 4, radius: radius * 1.25 })
		case 'serious': return new RegularShape({ ...paint, points: 8, angle: Math.PI / 8, radius: radius * 1.12 })
		case 'undefined': return new RegularShape({ ...hollow, points: 4, angle: Math.PI / 4, radius: radius * 1.2 })
		case 'exempt': return new RegularShape({ ...paint, points: 4, angle: Math.PI / 4, radius: radius * 1.35, scale: [1.2, 0.7] })
		case 'none': return new Circle({ ...hollow, radius })
		case 'outside': return new Circle({ ...paint, radius: radius * 0.7 })
		default: return new Circle({ ...paint, radius })
	}
}

export class MapView {
	private map: OlMap
	private points = new VectorSource<Feature>()
	private shapes = new VectorSource<Feature>()
	private clusters = new Cluster({ source: this.points as VectorSource, distance: 34, minDistance: 18 })
	private layers = new Map<string, VectorImageLayer>()
	private tiles: { url: string; layer: TileLayer | null } = { url: '', layer: null }
	private styles = new Map<string, Style>()
	private highlight = new VectorSource()
	private scale = 1

	constructor(node: HTMLElement, private options: MapOptions) {
		if (!options.bare)
			node.tabIndex = 0
		node.setAttribute('role', options.bare ? 'img' : 'application')
		node.setAttribute('aria-label', options.label)
		this.map = new OlMap({
			target: node, controls: [], interactions: options.bare ? [] : interactions({ altShiftDragRotate: false, pinchRotate: false, mouseWheelZoom: !options.beside, dragPan: !(options.beside && matchMedia('(pointer: coarse)').matches) }),
			view: new View({ projection: WORLD, center: [0, 0], zoom: 2, maxZoom: 19, enableRotation: false }),
			layers: [
				new VectorLayer({ source: this.shapes, zIndex: 5, style: (f) => this.shapeStyle(f) }),
				new VectorLayer({ source: this.clusters, zIndex: 10, style: (f) => this.clusterStyle(f), updateWhileAnimating: true, updateWhileInteracting: true }),
				new VectorLayer({ source: this.highlight, zIndex: 20, style: new Style({ image: new Circle({ radius: 17, stroke: new Stroke({ color: options.colour('--focus'), width: 3 }) }) }) }),
			],
		})
		if (options.bare || options.beside)
			this.map.on('change:size', () => {
				this.measure()
				this.fit()
			})
		this.measure()
		if (options.bare)
			return
		this.map.on('singleclick', (e) => this.click(e.pixel))
		this.map.on('moveend', () => options.moved(this.inView()))
		this.map.on('pointermove', (e) => {
			if (!e.dragging)
				node.style.cursor = this.map.hasFeatureAtPixel(e.pixel, { layerFilter: (l) => l.getZIndex()! >= 5 }) ? 'pointer' : ''
		})
	}

	/** Everything is drawn for letters of 14 pixels. */
	private measure(): void {
		const scale = this.options.bare ? parseFloat(getComputedStyle(this.map.getViewport()!).fontSize) / 14 : 1
		if (scale === this.scale)
			return
		this.scale = scale
		this.clusters.setDistance(34 * scale)
		this.clusters.setMinDistance(18 * scale)
		this.repaint()
	}
	setProjects({ points, shapes }: Places): void {
		this.points.clear(true)
		this.shapes.clear(true)
		this.points.addFeatures(points.map((place) => new Feature({ geometry: new Point(fromLonLat([place.east, place.north])), place })))
		this.shapes.addFeatures(shapes.map((s) => {
			const feature = FORMAT.readFeature(s) as Feature
			feature.setProperties({ place: s.properties })
			return feature
		}))
		this.highlight.clear()
		this.options.moved(this.inView())
	}
	setLayers(list: MapLayerData[]): void {
		for (const [id, layer] of this.layers)
			if (!list.some((l) => l.id === id)) {
				this.map.removeLayer(layer)
				this.layers.delete(id)
			}
		list.forEach((l, i) => {
			let layer = this.layers.get(l.id)
			if (!layer) {
				layer = new VectorImageLayer({
					source: new VectorSource({ features: FORMAT.readFeatures(l.features) as Feature[] }), declutter: true, zIndex: -9 + Math.min(i, 12),
					style: (f) => this.layerStyle(f, l.kind),
				})
				this.layers.set(l.id, layer)
				this.map.addLayer(layer)
			}
			layer.setVisible(l.visible)
		})
	}
	/** An address of this very server with {z}, {x} and {y}; null: none. Answers whether it is one. */
	setTiles(url: string | null): boolean {
		const own = !!url && new URL(url.replace(/[{}]/g, ''), document.baseURI).origin === location.origin
		void this.drawTiles(own ? new URL('.', document.baseURI).href + url.replace(/^\//, '') : '')
		return own || !url
	}
	private async drawTiles(url: string): Promise<void> {
		if (url === this.tiles.url)
			return
		if (this.tiles.layer)
			this.map.removeLayer(this.tiles.layer)
		const tiles: typeof this.tiles = (this.tiles = { url, layer: null })
		if (!url)
			return
		const { tileLayer } = await import('./tiles')
		if (this.tiles === tiles)
			this.map.addLayer((tiles.layer = tileLayer(url)))
	}
	fit(): void {
		const extent = createEmpty()
		extend(extent, this.points.getExtent() ?? createEmpty())
		extend(extent, this.shapes.getExtent() ?? createEmpty())
		if (isEmpty(extent) || !isFinite(extent[0]))
			for (const layer of this.layers.values())
				extend(extent, layer.getSource()!.getExtent() ?? createEmpty())
		this.map.updateSize()
		if (!isEmpty(extent) && isFinite(extent[0]))
			this.map.getView().fit(extent, { padding: [36, 36, 36, 36], maxZoom: 15 })
	}
	zoom(by: number): void {
		this.map.getView().animate({ zoom: (this.map.getView().getZoom() ?? 8) + by, duration: 160 })
	}
	/** Rings the project and, when asked, brings it into the middle. */
	show(number: string, centre: boolean): void {
		this.highlight.clear()
		const at = [this.points, this.shapes].flatMap((source) => source.getFeatures()).find((f) => placeOf(f).number === number)
		const geometry = at?.getGeometry()
		if (!geometry)
			return
		const middle = geometry instanceof Point ? geometry.getCoordinates() : [(geometry.getExtent()[0] + geometry.getExtent()[2]) / 2, (geometry.getExtent()[1] + geometry.getExtent()[3]) / 2]
		this.highlight.addFeature(new Feature(new Point(middle)))
		if (centre)
			this.map.getView().animate({ center: middle, zoom: Math.max(this.map.getView().getZoom() ?? 0, 13), duration: 200 })
	}
	/** After a change of light and dark. */
	repaint(): void {
		this.styles.clear()
		this.map.getLayers().forEach((l) => l.changed())
	}
	/** Of the middle of the view, for tests and links. */
	get centre(): number[] {
		return toLonLat(this.map.getView().getCenter() ?? [0, 0])
	}
	close(): void {
		this.tiles = { url: '', layer: null } // what is still on its way stays out
		this.map.setTarget(undefined)
		this.map.dispose()
	}

	private members(f: FeatureLike): Place[] {
		const list = (f.get('features') as Feature[] | undefined) ?? [f as Feature]
		return list.map(placeOf)
	}
	private inView(): Place[] {
		const size = this.map.getSize()
		if (!size)
			return []
		const extent = this.map.getView().calculateExtent(size)
		const found = new Map<string, Place>() // a project may stand there twice: its point and its site
		for (const source of [this.points, this.shapes])
			source.forEachFeatureIntersectingExtent(extent, (f) => void found.set(placeOf(f).number, placeOf(f)))
		return [...found.values()].sort(byLight)
	}
	private click(pixel: number[]): void {
		const found = this.map.forEachFeatureAtPixel(pixel, (f) => f, { layerFilter: (l) => l.getZIndex()! >= 5 && l.getZIndex()! < 20, hitTolerance: 6 })
		if (!found)
			return this.options.picked([])
		const members = (found.get('features') as Feature[] | undefined) ?? []
		const zoom = this.map.getView().getZoom() ?? 0
		if (members.length > 1 && zoom < 16) {
			const extent = createEmpty()
			members.forEach((m) => extend(extent, m.getGeometry()!.getExtent()))
			if (extent[2] - extent[0] > 30 || extent[3] - extent[1] > 30) {
				this.map.getView().fit(extent, { padding: [70, 70, 70, 70], maxZoom: 17, duration: 220 })
				return
			}
		}
		this.options.picked(this.members(found).sort(byLight))
	}
	private style(key: string, make: () => Style): Style {
		let style = this.styles.get(key)
		if (!style)
			this.styles.set(key, (style = make()))
		return style
	}
	private clusterStyle(f: FeatureLike): Style {
		const list = f.get('features') as Feature[]
		let worst = placeOf(list[0]).light
		for (const m of list)
			if (worse(placeOf(m).light, worst) < 0)
				worst = placeOf(m).light
		const slot = slotOf(worst), n = list.length
		return this.style(`${slot}:${n}`, () => {
			const radius = (n === 1 ? 8 : Math.min(26, 11 + Math.log2(n) * 1.8)) * this.scale
			const hollow = slot === 'none' || slot === 'undefined'
			return new Style({
				image: shape(slot, this.options.colour(`--${slot}-fill`), '#fff', radius),
				text: n > 1 ? new Text({ text: String(n), font: `600 ${12 * this.scale}px sans-serif`, offsetY: (slot === 'watch' ? 3 : 1) * this.scale, fill: new Fill({ color: hollow || slot === 'watch' || slot === 'exempt' ? '#1a2530' : '#fff' }), stroke: hollow || slot === 'watch' || slot === 'exempt' ? undefined : new Stroke({ color: 'rgb(0 0 0 / 55%)', width: 2.5 }) }) : undefined,
			})
		})
	}
	private shapeStyle(f: FeatureLike): Style {
		const slot = slotOf(placeOf(f).light)
		return this.style('shape:' + slot, () => new Style({
			stroke: new Stroke({ color: this.options.colour(`--${slot}-fill`), width: 3, lineDash: slot === 'green' ? undefined : slot === 'serious' ? [10, 4] : [4, 4] }),
			fill: new Fill({ color: this.options.colour(`--${slot}-soft`) + 'aa' }),
		}))
	}
	private layerStyle(f: FeatureLike, kind: string): Style {
		const name = ['name', 'NAME', 'Name', '名称', 'NAME_CHN'].map((k) => f.get(k)).find((v) => typeof v === 'string') ?? ''
		return this.style(`layer:${kind}:${name}`, () => new Style({
			stroke: new Stroke({ color: this.options.colour(kind === 'line' ? '--primary' : '--line-strong'), width: kind === 'line' ? 2 : 1.2 }),
			fill: new Fill({ color: kind === 'boundary' ? this.options.colour('--surface') : this.options.colour('--primary-soft') }),
			image: new Circle({ radius: 3, fill: new Fill({ color: this.options.colour('--primary') }) }),
			text: name ? new Text({ text: name, font: `${13 * this.scale}px sans-serif`, overflow: false, fill: new Fill({ color: this.options.colour('--muted') }), stroke: new Stroke({ color: this.options.colour('--surface'), width: 3 }) }) : undefined,
		}))
	}
}
