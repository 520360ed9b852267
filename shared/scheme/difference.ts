/** What one scheme says otherwise than another, leaf by leaf: earn.dayCapMilliPoints from 2000 to 3000. */
export type Difference = { path: string; before: Leaf | undefined; after: Leaf | undefined }
export type Leaf = string | number | boolean | null

/** In the order of the paths; a leaf that only one of the two has is undefined in the other. */
export function differencesOf(before: unknown, after: unknown): Difference[] {
  const [old, fresh] = [leavesOf(before), leavesOf(after)]
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((path) => old.get(path) !== fresh.get(path))
    .sort(byPath)
    .map((path) => ({ path, before: old.get(path), after: fresh.get(path) }))
}

function leavesOf(value: unknown, path = '', into = new Map<string, Leaf>()): Map<string, Leaf> {
  if (value === undefined) return into
  if (value === null || typeof value !== 'object') into.set(path, value as Leaf)
  else for (const [key, one] of Object.entries(value)) leavesOf(one, path === '' ? key : `${path}.${key}`, into)
  return into
}

/** Numbers of a list as numbers: prices.2 before prices.10. */
function byPath(a: string, b: string): number {
  const [first, second] = [a.split('.'), b.split('.')]
  for (const [place, part] of first.entries()) {
    const other = second[place]
    if (other === undefined) return 1
    if (part === other) continue
    const [x, y] = [Number(part), Number(other)]
    return Number.isInteger(x) && Number.isInteger(y) ? x - y : part < other ? -1 : 1
  }
  return -1
}
