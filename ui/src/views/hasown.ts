// OpenLayers asks for Object.hasOwn, which browsers have since Chrome 93; ours begin at 87.
const object = Object as unknown as { hasOwn?: (o: object, key: PropertyKey) => boolean }
object.hasOwn ??= (o, key) => Object.prototype.hasOwnProperty.call(o, key)
export {}
