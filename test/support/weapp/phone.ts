import { isNativeError } from 'node:util/types'
import { createContext, Script } from 'node:vm'
import { type Bundle, newRequire } from './bundle'
import { newDataRenderer } from './data-renderer'
import type { Define, Definition, Renderer } from './definition'
import { type Device, newDevice } from './device'
import { newPrivacy } from './privacy'
import { findField, findTappable, linesOf, nameOf, type ScreenNode, tappables, underFinger } from './screen'
import { newStack, type Query } from './stack'
import { newWork, type Work } from './work'
import { newWx } from './wx'

/** How WeChat opens a mini-program: from its list, or by a link that was scanned. */
export type Launch = { path?: string; query?: Query; scene?: number }

/** newDataRenderer reads the tree from what Taro hands over, newWxmlRenderer runs the real templates. */
export type RendererOf = (bundle: Bundle, work: Work) => Renderer
export type Weapp = Awaited<ReturnType<typeof openWeapp>>

type Options = { bundle: Bundle; launch?: Launch; renderer?: RendererOf } & Partial<Device> & Pick<Device, 'apiBase'>

/** A person's phone with the built mini-program on it, run without WeChat. */
export async function openWeapp({ bundle, launch, renderer = newDataRenderer, ...given }: Options) {
  const device = newDevice(given)
  let app = start(bundle, device, renderer, launch ?? {})
  await app.work.settle()

  /** Waits for everything under way; an error of the mini-program fails the test here. */
  async function settle(): Promise<void> {
    await app.work.settle()
    const [error] = app.work.errors.splice(0)
    if (error !== undefined) throw error
  }

  const screen = (): ScreenNode => app.stack.top().root()
  const lines = (): string[] => linesOf(screen())
  const phone = {
    device,
    screen,
    /** What is read on the page, line by line. */
    lines,
    shows: (words: string): boolean => lines().some((line) => line.includes(words)),
    /** Names of what can be tapped now. */
    buttons: (): string[] => tappables(screen()).map(nameOf),
    /** The page one is on: `visit/serving?id=…`, values decoded. */
    route(): string {
      const { route, query } = app.stack.top()
      const pairs = Object.entries(query).filter(([key]) => !key.startsWith('$taro'))
      return (
        route + pairs.map(([key, value], at) => `${at === 0 ? '?' : '&'}${key}=${decodeURIComponent(value)}`).join('')
      )
    },
    /** The page with its styles, for a browser to photograph; only where the templates are run. */
    html: (): string => app.stack.top().html?.() ?? '',
    async tap(name: string): Promise<void> {
      const target = findTappable(screen(), name)
      underFinger(target).fire('tap', { x: 195, y: 400 }, true)
      await app.work.settle()
      await app.press(target)
      await settle()
    },
    /** Types into the field of this label, as the keyboard gives it: never longer than the field. */
    async type(label: string, text: string): Promise<void> {
      const field = findField(screen(), label)
      const value = keyed(field, text)
      field.fire('focus', { value: '' }, false)
      field.fire('input', { value, cursor: value.length, keyCode: 0 }, false)
      field.fire('blur', { value }, false)
      await settle()
    },
    async back(): Promise<void> {
      app.stack.back()
      await settle()
    },
    /** The network goes or comes. */
    async goes(online: boolean): Promise<void> {
      device.online = online
      app.networkChanged()
      await settle()
    },
    /** The app is ended and opened again; what it kept is still there. */
    async reopen(again: Launch = {}): Promise<void> {
      app.stop()
      app = start(bundle, device, renderer, again)
      await settle()
    },
    /** The app was in the background for a while: as long as the clock of the test has gone on. */
    async glanceAway(): Promise<void> {
      app.stack.hide()
      app.work.ringRepeating()
      app.stack.showAgain()
      await settle()
    },
    close: (): void => app.stop(),
  }
  await settle()
  return phone
}

/** WeChat's own camera has read the address of a plate: the ordinary link rule opens the page with it. */
export function launchByLink(path: string, url: string, at: Date): Launch {
  return {
    path,
    scene: 1011,
    query: { q: encodeURIComponent(url), scancode_time: String(Math.floor(at.getTime() / 1000)) },
  }
}

function keyed(field: ScreenNode, text: string): string {
  const most = Number(field.attribute('maxlength') ?? 140)
  const numbers = ['number', 'digit', 'idcard'].includes(field.attribute('type') ?? '')
  return (numbers ? text.replace(/\D/g, '') : text).slice(0, most < 0 ? undefined : most)
}

function start(bundle: Bundle, device: Device, rendererOf: RendererOf, { path, query = {}, scene = 1001 }: Launch) {
  const work = newWork()
  const renderer = rendererOf(bundle, work)
  const privacy = newPrivacy(device)
  const { wx, networkChanged } = newWx({ bundle, device, work, privacy, stack: () => stack })
  let application: Definition = {}
  const register = (definition: Definition) => {
    application = definition
  }
  const globals: Record<string, unknown> = {
    wx,
    console: { ...console, error: (...said: unknown[]) => work.errors.push(asError(said)) },
    setTimeout: work.setTimeout,
    setInterval: work.setInterval,
    clearTimeout: work.clear,
    clearInterval: work.clear,
    App: register,
    getApp: () => application,
    getCurrentPages: () => stack.instances(),
    ...newClock(device.now),
  }
  const context = createContext(globals)
  const require = newRequire(bundle, (code, file) => new Script(code, { filename: file }).runInContext(context))

  const defined = new Set<string>()
  /** Runs the code of a page or component, and of the components it uses, while `Page` and `Component` mean it. */
  function load(file: string): void {
    if (defined.has(file)) return
    defined.add(file)
    renderer.define(file, (define: Define) => {
      Object.assign(globals, { Page: define.page, Component: define.component })
      require(`${file}.js`)
    })
  }
  const stack = newStack(bundle, device, renderer, load, work)

  const options = { path: path ?? bundle.pages[0] ?? '', query, scene, referrerInfo: {} }
  const tell = (lifecycle: string) => {
    const method = application[lifecycle]
    if (typeof method === 'function') work.guard(() => method.call(application, options))
  }
  require('app.js')
  tell('onLaunch')
  tell('onShow')
  load('comp')
  stack.start(options.path, query)

  return {
    work,
    stack,
    networkChanged,
    /** What WeChat itself does when one of its buttons is pressed. */
    async press(button: ScreenNode): Promise<void> {
      const kind = button.attribute('open-type')
      if (kind === 'agreePrivacyAuthorization') {
        privacy.press(button.attribute('id') ?? '')
        button.fire('agreeprivacyauthorization', {}, false)
      }
      if (kind !== 'getPhoneNumber') return
      const given = device.givesPhone
        ? privacy.consent('getPhoneNumber').then(() => ({ code: device.phoneCode(), errMsg: 'getPhoneNumber:ok' }))
        : Promise.resolve({ errMsg: 'getPhoneNumber:fail user deny' })
      // Consent may be asked for on the page: it must be able to go on meanwhile.
      given
        .catch(({ message }) => ({ errMsg: `getPhoneNumber:fail ${message}` }))
        .then((detail) => button.fire('getphonenumber', detail, false))
    },
    stop(): void {
      stack.closeAll()
      work.stop()
      renderer.close()
    },
  }
}

/** The phone's own clock, which goes on from where the test has set it. */
function newClock(now: () => Date): { Date: DateConstructor } {
  const began = performance.now()
  const time = () => now().getTime() + Math.floor(performance.now() - began)
  const PhoneDate = new Proxy(Date, {
    construct: (target, given) => (given.length === 0 ? new target(time()) : Reflect.construct(target, given)),
    get: (target, name) => (name === 'now' ? time : Reflect.get(target, name)),
  })
  return { Date: PhoneDate }
}

function asError(said: unknown[]): Error {
  const error = said.find((one) => isNativeError(one))
  return isNativeError(error)
    ? error
    : new Error(said.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' '))
}
