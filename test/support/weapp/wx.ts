import { randomBytes } from 'node:crypto'
import type { Bundle } from './bundle'
import type { Device } from './device'
import type { Privacy } from './privacy'
import type { Stack } from './stack'
import type { Work } from './work'
import { type Options, WxFailure, wxCall } from './wx-call'

const STORAGE_KEY_BYTES = 1024 * 1024
const SCREEN = { windowWidth: 390, windowHeight: 844, screenWidth: 390, screenHeight: 844, pixelRatio: 3 }
const SYSTEM = {
  ...SCREEN,
  statusBarHeight: 47,
  safeArea: { left: 0, right: 390, top: 47, bottom: 810, width: 390, height: 763 },
}
const DEVICE = { brand: 'iPhone', model: 'iPhone 14', platform: 'ios', system: 'iOS 17.5' }
const HOST = { SDKVersion: '3.6.3', version: '8.0.50', language: 'zh_CN', theme: 'light', fontSizeSetting: 17 }

type Parts = { bundle: Bundle; device: Device; work: Work; stack: () => Stack; privacy: Privacy }

/** `wx`, as far as the mini-program uses it. Every function is an own property: Taro takes no other. */
export function newWx(parts: Parts) {
  const { device, work, stack, privacy } = parts
  const networkListeners = new Set<(state: object) => void>()
  const network = () => ({ isConnected: device.online, networkType: device.online ? 'wifi' : 'none' })

  const asked: Record<string, (options: Options) => object | undefined | Promise<object>> = {
    request: (options) => work.during(() => request(device, options)),
    login: () => ({ code: device.loginCode() }),
    scanCode: () => {
      const read = device.cards === null ? device.camera : (device.cards.shift() ?? null)
      if (read === null) throw new WxFailure('cancel')
      return { result: read, scanType: 'QR_CODE', charSet: 'utf-8', path: '' }
    },
    async getLocation() {
      if (!parts.bundle.app.requiredPrivateInfos?.includes('getLocation'))
        throw new WxFailure('the api need to be declared in the requiredPrivateInfos field in app.json')
      await privacy.consent('getLocation')
      if (device.place === null) throw new WxFailure('auth deny')
      return { ...device.place, speed: -1, altitude: 0, verticalAccuracy: 0, horizontalAccuracy: device.place.accuracy }
    },
    requestSubscribeMessage: ({ tmplIds }) => {
      const ids = tmplIds as string[]
      if (ids.length === 0 || ids.length > 3) throw new WxFailure('TmplIds length invalid', 20003)
      return Object.fromEntries(ids.map((one) => [one, device.agreesTo(one) ? 'accept' : 'reject']))
    },
    makePhoneCall: ({ phoneNumber }) => {
      if (typeof phoneNumber !== 'string' || phoneNumber === '') throw new WxFailure('parameter error')
      device.dialled.push(phoneNumber)
      return {}
    },
    getRandomValues: ({ length }) => ({ randomValues: new Uint8Array(randomBytes(Number(length))).buffer }),
    getNetworkType: () => network(),
    setScreenBrightness: ({ value }) => {
      device.brightness = Number(value)
      return {}
    },
    setKeepScreenOn: () => ({}),
    setVisualEffectOnCapture: () => ({}),
    setNavigationBarTitle: () => ({}),
    vibrateShort: () => ({}),
    showModal: () => ({ confirm: true, cancel: false }),
    setClipboardData: ({ data }) => {
      device.clipboard = String(data)
      return {}
    },
    openPrivacyContract: () => ({}),
    navigateTo: going(({ url }) => stack().push(String(url))),
    redirectTo: going(({ url }) => stack().replace(String(url))),
    reLaunch: going(({ url }) => stack().relaunch(String(url))),
    navigateBack: going(({ delta }) => stack().back(Number(delta ?? 1))),
  }
  const calls = Object.entries(asked).map(([name, act]) => {
    const call = wxCall(name, work, act)
    const noted = (options: Options = {}) => {
      device.calls.push({ name, options })
      return call(options)
    }
    return [name, noted]
  })

  const wx: Record<string, unknown> = {
    ...Object.fromEntries(calls),
    ...storageCalls(device),
    getWindowInfo: () => ({ ...SYSTEM }),
    getDeviceInfo: () => ({ ...DEVICE }),
    getAppBaseInfo: () => ({ ...HOST }),
    getSystemInfoSync: () => ({ ...SYSTEM, ...DEVICE, ...HOST }),
    getMenuButtonBoundingClientRect: () => ({ left: 296, right: 383, top: 51, bottom: 83, width: 87, height: 32 }),
    getAccountInfoSync: () => ({ miniProgram: { appId: 'touristappid', envVersion: 'develop', version: '' } }),
    onNetworkStatusChange: (listener: (state: object) => void) => networkListeners.add(listener),
    offNetworkStatusChange: (listener: (state: object) => void) => networkListeners.delete(listener),
    onNeedPrivacyAuthorization: privacy.listen,
    nextTick: (callback: () => void) => work.setTimeout(callback),
    canIUse: (name: string) => Object.hasOwn(wx, name.split('.')[0] ?? ''),
  }
  const networkChanged = () => {
    for (const listener of networkListeners) work.guard(() => listener(network()))
  }
  return { wx, networkChanged }
}

const going = (go: (options: Options) => void) => (options: Options) => {
  go(options)
  return {}
}

function storageCalls({ storage }: Device) {
  return {
    getStorageSync: (key: string) => JSON.parse(storage.get(key) ?? '""') as unknown,
    setStorageSync(key: string, value: unknown) {
      const text = JSON.stringify(value)
      if (text.length > STORAGE_KEY_BYTES) throw new Error('setStorageSync:fail entry size limit reached')
      storage.set(key, text)
    },
    removeStorageSync: (key: string) => void storage.delete(key),
    clearStorageSync: () => storage.clear(),
    getStorageInfoSync: () => ({ keys: [...storage.keys()], currentSize: 1, limitSize: 10240 }),
  }
}

/** Over a real connection to the server under test, whatever host the bundle was built for. */
async function request(device: Device, { url, method = 'GET', header, data }: Options): Promise<object> {
  if (!device.online) throw new WxFailure('', 5)
  const { pathname, search } = new URL(String(url))
  const headers = Object.fromEntries(
    Object.entries((header ?? {}) as object).map(([key, value]) => [key, String(value)]),
  )
  const sent = { method: String(method), headers, ...(data === undefined ? {} : { body: bodyOf(data) }) }
  const answer = await fetch(device.apiBase + pathname + search, sent).catch(() => {
    throw new WxFailure('errcode:-102 cronet_error_code:-102 error_msg:net::ERR_CONNECTION_REFUSED', 600001)
  })
  const text = await answer.text()
  if (device.losesNextAnswer) {
    device.losesNextAnswer = false
    throw new WxFailure('timeout', 5)
  }
  const answered = { ...Object.fromEntries(answer.headers), date: device.now().toUTCString() }
  return { statusCode: answer.status, header: answered, data: jsonOr(text), cookies: [] }
}

const bodyOf = (data: unknown) => (typeof data === 'string' ? data : JSON.stringify(data))

/** `dataType` json, as by default: what can't be read stays text. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
