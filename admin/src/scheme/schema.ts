/** As much of JSON Schema as a scheme's has: the editor is made from it, so every field has its label, help and source. */
export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'boolean'
  title?: string
  description?: string
  source?: string
  enum?: readonly string[]
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  items?: Schema
  prefixItems?: readonly Schema[]
  minimum?: number
  maximum?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
}

/** The label people read: units are shown beside the field, in hours, minutes, points and yuan. */
export function labelOf(schema: Schema, name: string): string {
  return (schema.title ?? name)
    .replace('（千分之一分）', '')
    .replace('多少秒', '多长时间')
    .replace('千分之几', '百分之几')
}

/** 怎么得分 › 每天最多多少分 */
export function labelOfPath(schema: Schema, path: string): string {
  const words: string[] = []
  let at: Schema | undefined = schema
  for (const part of path.split('.')) {
    if (/^\d+$/.test(part)) {
      at = at?.prefixItems?.[Number(part)] ?? at?.items
      words.push(`第 ${Number(part) + 1} 项`)
      continue
    }
    at = at?.properties?.[part]
    words.push(at === undefined ? part : labelOf(at, part))
  }
  return words.join(' › ')
}

/** The field a path leads to, whatever numbers are in it. */
export function fieldOf(schema: Schema, path: string): Schema | undefined {
  return path
    .split('.')
    .reduce<Schema | undefined>(
      (at, part) => (/^\d+$/.test(part) ? (at?.prefixItems?.[Number(part)] ?? at?.items) : at?.properties?.[part]),
      schema,
    )
}

export type Unit = 'points' | 'seconds' | 'fen' | 'permille' | null

/** The unit is in the name of the field. */
export function unitOf(name: string): Unit {
  if (/milliPoints(Min|Max)?$/i.test(name)) return 'points'
  if (/(^s|S)econds(Min|Max|Step)?$/.test(name)) return 'seconds'
  if (name === 'fen') return 'fen'
  return name.endsWith('Permille') ? 'permille' : null
}

/** Whether a field that isn't there yet must be; such a one can't be taken away. */
export function isRequired(schema: Schema, name: string): boolean {
  return schema.required?.includes(name) === true
}

/** What a part begins with when it is added. */
export function emptyOf(schema: Schema): unknown {
  if (schema.enum !== undefined) return schema.enum[0]
  if (schema.prefixItems !== undefined) return schema.prefixItems.map(emptyOf)
  if (schema.type === 'object')
    return Object.fromEntries((schema.required ?? []).map((name) => [name, emptyOf(schema.properties?.[name] ?? {})]))
  if (schema.type === 'array') return (schema.minItems ?? 0) > 0 && schema.items ? [emptyOf(schema.items)] : []
  if (schema.type === 'integer') return Math.max(schema.minimum ?? 0, 0)
  return schema.type === 'boolean' ? false : ''
}
