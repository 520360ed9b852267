import { posix } from 'node:path'
import { type Bundle, packageOf } from './bundle'
import type { Drawn, PageInstance, Renderer } from './definition'
import type { Device } from './device'
import type { Work } from './work'
import { WxFailure } from './wx-call'

/** Values as they stand in the address: WeChat doesn't decode them, a page does. */
export type Query = Record<string, string>
export type Stack = ReturnType<typeof newStack>
type Open = Drawn & { route: string; query: Query }

const MOST_PAGES = 10

/** The pages on top of each other, and what they are told when they come and go. */
export function newStack(bundle: Bundle, device: Device, renderer: Renderer, load: (file: string) => void, work: Work) {
  const pages: Open[] = []

  function top(): Open {
    const page = pages.at(-1)
    if (page === undefined) throw new Error('no page is open')
    return page
  }

  function tell({ instance }: Drawn, lifecycle: string, ...given: unknown[]): void {
    const method = instance[lifecycle]
    if (typeof method === 'function') work.guard(() => method.apply(instance, given))
  }

  /** A sub-package comes when one of its pages is opened first, or before, as the rule of a page says. */
  function fetch(root: string | null): void {
    if (root === null || device.packages.has(root)) return
    if (!device.online) throw new WxFailure(`subpackage ${root} download fail`)
    device.packages.add(root)
  }

  function preload(route: string): void {
    const { packages = [] } = bundle.app.preloadRule?.[route] ?? {}
    if (device.online) for (const root of packages) fetch(root)
  }

  function show(route: string, query: Query): void {
    fetch(packageOf(bundle, route))
    preload(route)
    load(route)
    const drawn = renderer.draw(route)
    const page = { ...drawn, route, query }
    Object.assign(drawn.instance, { route, options: query })
    pages.push(page)
    tell(page, 'onLoad', query)
    tell(page, 'onShow')
    tell(page, 'onReady')
  }

  function close(count: number): void {
    for (const page of pages.splice(pages.length - count).reverse()) {
      tell(page, 'onUnload')
      page.remove()
    }
  }

  /** The page and the query of an address, which may be relative to the page one is on. */
  function read(url: string): [route: string, query: Query] {
    const [path = '', search = ''] = url.split(/\?(.*)/s)
    const from = pages.at(-1)?.route ?? ''
    const route = path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(from), path)
    if (!bundle.pages.includes(route)) throw new WxFailure(`page "${route}" is not found`)
    fetch(packageOf(bundle, route))
    return [route, queryOf(search)]
  }

  return {
    pages,
    top,
    instances: (): PageInstance[] => pages.map(({ instance }) => instance),
    start: show,
    push(url: string): void {
      const [route, query] = read(url)
      if (pages.length >= MOST_PAGES) throw new WxFailure('webview count limit exceed')
      tell(top(), 'onHide')
      show(route, query)
    },
    replace(url: string): void {
      const [route, query] = read(url)
      close(1)
      show(route, query)
    },
    relaunch(url: string): void {
      const [route, query] = read(url)
      close(pages.length)
      show(route, query)
    },
    back(delta = 1): void {
      if (pages.length < 2) throw new WxFailure('cannot navigate back at first page.')
      close(Math.min(delta, pages.length - 1))
      tell(top(), 'onShow')
    },
    closeAll: () => close(pages.length),
    hide: () => tell(top(), 'onHide'),
    showAgain: () => tell(top(), 'onShow'),
  }
}

/** WeChat's own reading: a second "=" ends the value, and a name without one has the value "undefined". */
function queryOf(search: string): Query {
  const pairs = search.split('&').filter((pair) => pair !== '')
  return Object.fromEntries(pairs.map((pair) => pair.split('=')).map(([key, value = 'undefined']) => [key, value]))
}
