// The office's own tiles under a map. Apart, because few have any and what draws them is large.
import TileLayer from 'ol/layer/Tile.js'
import XYZ from 'ol/source/XYZ.js'

export const tileLayer = (url: string): TileLayer => new TileLayer({ zIndex: -10, source: new XYZ({ url, maxZoom: 18 }) })
