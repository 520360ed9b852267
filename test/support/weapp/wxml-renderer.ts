import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { posix } from 'node:path'
import { TmplGroup } from 'glass-easel-template-compiler'
import { type DOMWindow, JSDOM } from 'jsdom'
import { type Bundle, filesOf, readText } from './bundle'
import type { Definition, Drawn, PageInstance, Renderer } from './definition'
import type { ScreenNode } from './screen'
import type { Work } from './work'
import { browserStyle } from './wxss'

type Engine = typeof import('glass-easel')
type Adapter = typeof import('glass-easel-miniprogram-adapter')
type Templates = Record<string, unknown>

/** Every tag but those of the language itself, and Taro's one component. */
const BUILT_IN = /(<\/?)(?!(?:template|import|include|block|slot|wxs|comp)[\s/>])([a-z][a-z-]*)(?=[\s/>])/g
const codes = new WeakMap<Bundle, string>()
const require = createRequire(import.meta.url)

/** The second level: the templates of the bundle are compiled and run by WeChat's own engine, into a browser's page. */
export function newWxmlRenderer(bundle: Bundle, work: Work): Renderer {
  const { window } = new JSDOM('<!doctype html><body></body>', { runScripts: 'outside-only', pretendToBeVisual: true })
  const engine = loadInto<Engine>(window, 'glass-easel', {})
  const { MiniProgramEnv } = loadInto<Adapter>(window, 'glass-easel-miniprogram-adapter', { 'glass-easel': engine })
  const environment = new MiniProgramEnv()
  const space = environment.createCodeSpace('', true)
  const code = codes.get(bundle) ?? compile(bundle)
  codes.set(bundle, code)
  const templates = window.eval(`(${code})`) as Templates
  for (const file of filesOf(bundle, '.wxml')) {
    const path = file.replace(/\.wxml$/, '')
    space.addCompiledTemplate(path, {
      groupList: templates,
      content: templates[path],
      fallbackListenerOnNativeNode: true,
    } as never)
  }
  for (const file of filesOf(bundle, '.json')) {
    const config = JSON.parse(readText(bundle, file)) as object
    space.addComponentStaticConfig(file.replace(/\.json$/, ''), { ...config, styleIsolation: 'shared' } as never)
  }
  const context = new engine.CurrentWindowBackendContext()
  context.onEvent((target, type, detail, options) => {
    const event = new engine.Event(type, detail, options)
    engine.Event.dispatchEvent(target, event)
    return event.getEventBubbleStatus()
  })
  const backend = environment.associateBackend(context)
  engine.globalOptions.throwGlobalError = false
  engine.addGlobalErrorListener((error) => void work.errors.push(error))
  engine.addGlobalWarningListener((warning) => void work.errors.push(new Error(warning)))

  return {
    define(file, run) {
      space.componentEnv(file, ({ Page: page, Component }) => {
        run({ page, component: (definition) => Component(withOwnTypes(definition, window)) })
      })
    },
    draw(page): Drawn {
      const root = backend.createRoot('wx-page', space, page)
      const place = window.document.body.appendChild(window.document.createElement('div'))
      root.attach(window.document.body as never, place as never)
      const instance = root.get() as unknown as PageInstance
      return {
        instance,
        html: () => pageOf(browserStyle(bundle, page), root.getComponent().getBackendElement() as unknown as Element),
        root: () => nodeOf(engine, root.getComponent().getBackendElement() as unknown as Element),
        remove() {
          const drawn = root.getComponent().getBackendElement() as unknown as Element
          root.release()
          drawn.remove()
        },
      }
    },
    close: () => window.close(),
  }
}

/** The page as it stands, to be photographed by a browser. */
function pageOf(style: string, drawn: Element): string {
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>${style}</style><body>${drawn.outerHTML}</body></html>`
}

/** A library that expects a browser's globals gets those of `window`, and ours stay clean. */
function loadInto<T>(window: DOMWindow, name: string, given: Record<string, unknown>): T {
  const module = { exports: {} }
  const code = readFileSync(require.resolve(name), 'utf8')
  const load = window.eval(`(function (module, exports, require) {${code}\n})`) as (...parts: unknown[]) => void
  load(module, module.exports, (asked: string) => given[asked])
  return module.exports as T
}

/** The code of the bundle has a world of its own: its `Object` is not the engine's. */
function withOwnTypes(definition: Definition, window: DOMWindow): Definition {
  const properties = Object.entries((definition.properties ?? {}) as Record<string, { type: { name: string } }>)
  const typed = properties.map(([name, given]) => [name, { ...given, type: window[given.type.name] as unknown }])
  return { ...definition, properties: Object.fromEntries(typed) }
}

/** All templates as one group, so that they find each other; the built-in tags become elements of their own names. */
function compile(bundle: Bundle): string {
  const group = new TmplGroup()
  for (const file of filesOf(bundle, '.wxs')) group.addScript(file.replace(/\.wxs$/, ''), readText(bundle, file))
  for (const file of filesOf(bundle, '.wxml')) {
    const problems = group.addTmpl(file.replace(/\.wxml$/, ''), readText(bundle, file).replace(BUILT_IN, '$1wx-$2'))
    if (problems.length > 0) throw new Error(`${posix.basename(file)}: ${JSON.stringify(problems)}`)
  }
  const code = group.getTmplGenObjectGroups()
  group.free()
  return code
}

/** A finger comes and goes: that it was a tap is found by the engine. */
function touch(element: Element): void {
  const { MouseEvent } = element.ownerDocument.defaultView as unknown as { MouseEvent: typeof globalThis.MouseEvent }
  for (const type of ['mousedown', 'mouseup'])
    element.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: 195, clientY: 400 }))
}

function nodeOf(engine: Engine, element: Node): ScreenNode {
  const view = element as Node & { __wxElement?: import('glass-easel').Element }
  const isText = element.nodeType === 3
  return {
    tag: isText ? '#text' : element.nodeName.toLowerCase().replace(/^wx-/, ''),
    words: isText ? (element.nodeValue ?? '') : '',
    children: [...element.childNodes].map((child) => nodeOf(engine, child)),
    attribute: (name) =>
      (name === 'id' ? view.__wxElement?.id : (element as Element).getAttribute?.(name)) ?? undefined,
    fire(type, detail, bubbles) {
      if (type === 'tap') return touch(element as Element)
      if (view.__wxElement === undefined) throw new Error(`${element.nodeName} is no element of a template`)
      const event = new engine.Event(type, detail, { bubbles, composed: bubbles })
      engine.Event.dispatchEvent(view.__wxElement, event)
    },
  }
}
