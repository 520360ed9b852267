import { type Bundle, readText } from './bundle'
import type { Definition, Drawn, PageInstance, Renderer } from './definition'
import type { ScreenNode } from './screen'
import type { Work } from './work'

/** A node as Taro hands it to `setData`: a number for its template, short names for its attributes. */
type Datum = { nn: string; sid?: string; uid?: string; v?: string; cn?: Datum[]; focus?: boolean } & Record<
  string,
  unknown
>
type Template = { tag: string; keys: Map<string, string>; events: Set<string> }

/** The first level: no template is run. The tree is read from the data, its names from what base.wxml says of them. */
export function newDataRenderer(bundle: Bundle, work: Work): Renderer {
  const templates = readTemplates(readText(bundle, 'base.wxml'))
  const definitions = new Map<string, Definition>()
  return {
    define(file, run) {
      run({ page: (definition) => void definitions.set(file, definition), component: () => undefined })
    },
    draw(page) {
      const definition = definitions.get(page)
      if (definition === undefined) throw new Error(`${page} has not called Page()`)
      return draw(page, definition, templates, work)
    },
    close: () => undefined,
  }
}

function draw(route: string, definition: Definition, templates: Map<string, Template>, work: Work): Drawn {
  const instance: PageInstance = {
    ...definition,
    route,
    data: structuredClone((definition.data ?? {}) as Record<string, unknown>),
    setData(change, done) {
      for (const [path, value] of Object.entries(overTheBridge(change))) put(instance.data, path, value)
      if (done !== undefined) work.setTimeout(() => done.call(instance))
    },
  }
  return {
    instance,
    root: () => rootOf(instance, (instance.data.root as { cn?: Datum[] } | undefined)?.cn ?? [], templates, work),
    remove: () => undefined,
  }
}

/** Page code and page view are two worlds: only JSON crosses, and not too much at once. */
function overTheBridge(change: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(change)
  if (text.length > 1024 * 1024) throw new Error('setData of more than 1 MB')
  return JSON.parse(text) as Record<string, unknown>
}

/** `root.cn.[0].cn[1].v` */
function put(data: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '')
  const last = keys.pop() ?? ''
  let place = data
  for (const [at, key] of keys.entries()) {
    place[key] ??= /^\d+$/.test(keys[at + 1] ?? last) ? [] : {}
    place = place[key] as Record<string, unknown>
  }
  place[last] = value
}

function rootOf(page: PageInstance, data: Datum[], templates: Map<string, Template>, work: Work): ScreenNode {
  const root: ScreenNode = { tag: 'page', words: '', children: [], attribute: () => undefined, fire: () => undefined }
  root.children = data.map((datum) => nodeOf(page, datum, [], templates, work))
  return root
}

function nodeOf(
  page: PageInstance,
  datum: Datum,
  above: Datum[],
  templates: Map<string, Template>,
  work: Work,
): ScreenNode {
  const template = templateOf(datum, templates)
  const path = [datum, ...above]
  return {
    tag: template.tag,
    words: template.tag === '#text' ? String(datum.v ?? '') : '',
    children: (datum.cn ?? []).map((child) => nodeOf(page, child, path, templates, work)),
    attribute(name) {
      const value = datum[template.keys.get(name) ?? '']
      return value === undefined || value === null ? undefined : String(value)
    },
    fire(type, detail, bubbles) {
      const target = { id: idOf(datum), dataset: { sid: datum.sid } }
      for (const one of bubbles ? path : [datum]) {
        if (!templateOf(one, templates).events.has(type)) continue
        const currentTarget = { id: idOf(one), dataset: { sid: one.sid } }
        const event = { type, detail, target, currentTarget, timeStamp: 0, mark: {}, touches: [], changedTouches: [] }
        work.guard(() => (page.eh as (event: object) => void).call(page, event))
      }
    },
  }
}

const idOf = (datum: Datum) => datum.uid ?? datum.sid

/** Which template draws this node; a field has two, with the focus and without. */
function templateOf(datum: Datum, templates: Map<string, Template>): Template {
  const found = templates.get(datum.nn) ?? templates.get(`${datum.nn}_${datum.focus === undefined ? 'blur' : 'focus'}`)
  if (found === undefined) throw new Error(`base.wxml has no template for ${datum.nn}`)
  return found
}

/** The templates of the first depth; the deeper ones differ only in what they may hold. */
function readTemplates(wxml: string): Map<string, Template> {
  const found = wxml.matchAll(/<template name="tmpl_0_(\w+)">\s*<([\w-]+)([^>]*)>/g)
  const entries = [...found].map(([, number = '', tag = '', rest = '']): [string, Template] => {
    const attributes = [...rest.matchAll(/([\w-]+)="([^"]*)"/g)]
    const keys = new Map(attributes.map(([, name = '', value = '']) => [name, /\bi\.(\w+)/.exec(value)?.[1] ?? '']))
    const events = attributes.flatMap(([, name = '']) => /^(?:bind|catch)(\w+)$/.exec(name)?.[1] ?? [])
    return [number, { tag: tag === 'block' ? '#text' : tag, keys, events: new Set(events) }]
  })
  return new Map(entries.filter(([, { tag }]) => tag !== 'template'))
}
