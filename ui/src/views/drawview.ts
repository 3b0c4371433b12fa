// One point, line or area drawn by hand over the office's own layers: a click adds a corner, a drag moves one, a drag on an edge
// makes one. What is drawn is a list of positions (WGS-84); the page holds it, types it and takes it back.
import './hasown'
import OlMap from 'ol/Map.js'
import View from 'ol/View.js'
import Feature from 'ol/Feature.js'
import GeoJSON from 'ol/format/GeoJSON.js'
import LineString from 'ol/geom/LineString.js'
import MultiPoint from 'ol/geom/MultiPoint.js'
import Point from 'ol/geom/Point.js'
import Polygon from 'ol/geom/Polygon.js'
import Modify from 'ol/interaction/Modify.js'
import VectorLayer from 'ol/layer/Vector.js'
import VectorSource from 'ol/source/Vector.js'
import { createEmpty, extend, isEmpty } from 'ol/extent.js'
import { defaults as interactions } from 'ol/interaction/defaults.js'
import { fromLonLat, toLonLat } from 'ol/proj.js'
import Circle from 'ol/style/Circle.js'
import Fill from 'ol/style/Fill.js'
import Stroke from 'ol/style/Stroke.js'
import Style from 'ol/style/Style.js'
import type { Position } from './datum'

export type Shape = 'point' | 'line' | 'area'
interface Options { label: string; shape: Shape; colour: (token: string) => string; changed: (positions: Position[]) => void }

const FORMAT = new GeoJSON({ dataProjection: 'EPSG:4326', featureProjection: 'EPSG:3857' })
const NEAR = 10 // pixels: a click so near a corner means that corner
const round = (c: number[]): Position => [Math.round(c[0] * 1e7) / 1e7, Math.round(c[1] * 1e7) / 1e7]

export class DrawView {
	private map: OlMap
	private drawn = new VectorSource<Feature>()
	private ground = new VectorSource<Feature>()
	private positions: Position[] = []

	constructor(node: HTMLElement, private options: Options) {
		const { colour } = options
		node.tabIndex = 0
		node.setAttribute('role', 'application')
		node.setAttribute('aria-label', options.label)
		const corner = new Circle({ radius: options.shape === 'point' ? 9 : 6, fill: new Fill({ color: colour('--primary') }), stroke: new Stroke({ color: '#fff', width: 2 }) })
		const drawnStyle = [
			new Style({ stroke: new Stroke({ color: colour('--primary'), width: 3 }), fill: new Fill({ color: colour('--primary-soft') + 'aa' }), image: corner }),
			new Style({ image: corner, geometry: () => new MultiPoint(this.positions.map((p) => fromLonLat(p))) }),
		]
		this.map = new OlMap({
			target: node, controls: [], interactions: interactions({ altShiftDragRotate: false, pinchRotate: false, doubleClickZoom: false }),
			view: new View({ projection: 'EPSG:3857', center: [0, 0], zoom: 2, maxZoom: 19, enableRotation: false }),
			layers: [
				new VectorLayer({ source: this.ground, style: new Style({ stroke: new Stroke({ color: colour('--line-strong'), width: 1.2 }), fill: new Fill({ color: colour('--surface') }), image: new Circle({ radius: 3, fill: new Fill({ color: colour('--muted') }) }) }) }),
				new VectorLayer({ source: this.drawn, style: drawnStyle }),
			],
		})
		const modify = new Modify({ source: this.drawn, pixelTolerance: NEAR })
		modify.on('modifyend', () => this.told(this.read()))
		this.map.addInteraction(modify)
		this.map.on('click', (e) => {
			const near = this.positions.some((p) => {
				const [x, y] = this.map.getPixelFromCoordinate(fromLonLat(p))
				return Math.hypot(x - e.pixel[0], y - e.pixel[1]) < NEAR
			})
			if (!near)
				this.add(toLonLat(e.coordinate))
		})
	}
	/** The office's own layers, to know where one is; answers to the first call of fit(). */
	setGround(collections: object[]): void {
		this.ground.clear()
		for (const c of collections)
			this.ground.addFeatures(FORMAT.readFeatures(c) as Feature[])
	}
	set(positions: Position[]): void {
		this.positions = positions
		const c = positions.map((p) => fromLonLat(p))
		const { shape } = this.options
		this.drawn.clear()
		if (c.length)
			this.drawn.addFeature(new Feature(c.length === 1 ? new Point(c[0]) : shape === 'area' && c.length > 2 ? new Polygon([[...c, c[0]]]) : new LineString(c)))
	}
	/** A corner in the middle of the view: the way without a mouse. */
	addMiddle(): void {
		this.add(toLonLat(this.map.getView().getCenter()!))
	}
	zoom(by: number): void {
		const view = this.map.getView()
		view.setZoom((view.getZoom() ?? 8) + by)
	}
	fit(): void {
		const extent = createEmpty()
		extend(extent, (this.positions.length ? this.drawn : this.ground).getExtent() ?? createEmpty())
		this.map.updateSize()
		if (!isEmpty(extent) && isFinite(extent[0]))
			this.map.getView().fit(extent, { padding: [40, 40, 40, 40], maxZoom: 15 })
	}
	close(): void {
		this.map.setTarget(undefined)
		this.map.dispose()
	}

	private add(at: number[]): void {
		this.told([...(this.options.shape === 'point' ? [] : this.positions), round(at)])
	}
	private told(positions: Position[]): void {
		this.set(positions)
		this.options.changed(positions)
	}
	private read(): Position[] {
		const geometry = this.drawn.getFeatures()[0]?.getGeometry()
		const c = geometry instanceof Point ? [geometry.getCoordinates()] : geometry instanceof Polygon ? geometry.getCoordinates()[0].slice(0, -1) : geometry instanceof LineString ? geometry.getCoordinates() : []
		return c.map((p) => round(toLonLat(p)))
	}
}
