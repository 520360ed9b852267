import { type Chance, newChance } from './chance'
import { type Clock, newClock } from './clock'
import { WechatError } from './errors'
import type { CallName, Fault } from './faults'

export type User = {
  openid: string
  unionid: string | null
  /** without the country code */
  phone: string
  countryCode: string
  blocked: boolean
  /** when the user was last in the mini-program; null: never */
  activeAt: Date | null
  /** messages left by template; Infinity for a long-term template */
  consents: Map<string, number>
}
export type Code = { kind: 'login' | 'phone'; openid: string; madeAt: Date; used: boolean }
export type Template = { id: string; keys: string[] }
export type SentMessage = {
  openid: string
  templateId: string
  page: string | null
  values: Record<string, string>
  at: Date
}
export type LoggedRequest = {
  call: CallName
  method: string
  query: Record<string, string>
  body: unknown
  at: Date
  fault: Fault['kind'] | null
  /** what the call came to, even when a fault kept the answer from arriving */
  errcode: number
}
export type Token = { token: string; madeAt: Date; endsAt: Date }

export type EmulatorOptions = {
  appid?: string
  secret?: string
  seed?: number
  at?: Date
  /** Follow the real clock instead of standing still. */
  running?: boolean
}

export type State = ReturnType<typeof newState>

export const CODE_LIFE_SECONDS = 300
export const ACTIVE_SECONDS = 7200

/** Everything the emulated host knows, and what a test may do to it. */
export function newState(options: EmulatorOptions) {
  const chance: Chance = newChance(options.seed ?? 1)
  const clock: Clock = newClock(options.at ?? new Date('2026-11-22T01:00:00Z'), options.running)
  const users = new Map<string, User>()
  const codes = new Map<string, Code>()
  const templates = new Map<string, Template>()
  const counters = new Map<string, { window: number; count: number }>()

  function addUser(given: Partial<Omit<User, 'consents'>> = {}): User {
    const user: User = {
      openid: given.openid ?? `o${chance.letters(27)}`,
      unionid: null,
      phone: `138${String(chance.next(100_000_000)).padStart(8, '0')}`,
      countryCode: '86',
      blocked: false,
      activeAt: null,
      ...given,
      consents: new Map(),
    }
    users.set(user.openid, user)
    return user
  }

  function userOf(openid: string): User {
    const user = users.get(openid)
    if (user === undefined) throw new WechatError(40003)
    return user
  }

  function newCode(kind: Code['kind'], openid: string): string {
    const code = kind === 'login' ? `0${chance.letters(31)}` : chance.bytes(32).toString('hex')
    codes.set(code, { kind, openid, madeAt: clock.now(), used: false })
    return code
  }

  return {
    appid: options.appid ?? 'wx0123456789abcdef',
    secret: options.secret ?? '0123456789abcdef0123456789abcdef',
    chance,
    clock,
    users,
    codes,
    templates,
    publishedPages: new Set<string>(),
    messages: [] as SentMessage[],
    faults: [] as Fault[],
    requests: [] as LoggedRequest[],
    /** false: the server's address is not on the IP list (40164) */
    ipAllowed: { value: true },
    tokens: { current: null as Token | null, last: null as Token | null, forcedAt: null as Date | null },
    addUser,
    userOf,

    /** What `wx.login` gives a user who has just opened the mini-program. */
    loginCode(openid: string): string {
      userOf(openid).activeAt = clock.now()
      return newCode('login', openid)
    },
    /** What the phone button gives a user who has agreed. */
    phoneCode(openid: string): string {
      userOf(openid).activeAt = clock.now()
      return newCode('phone', openid)
    },
    /** A template of the account, with the keys its text has: `thing1`, `time2`. */
    addTemplate(id: string, keys: string[]): void {
      for (const key of keys) if (!/^[a-z_]+\d+$/.test(key)) throw new Error(`no template key: ${key}`)
      templates.set(id, { id, keys })
    },
    /** The user taps "allow": one more message of a one-time template, or all from now on. */
    allow(openid: string, templateId: string, messages: number | 'longTerm' = 1): void {
      const { consents } = userOf(openid)
      const more = messages === 'longTerm' ? Number.POSITIVE_INFINITY : messages
      consents.set(templateId, (consents.get(templateId) ?? 0) + more)
    },
    /** The user switches the messages of a template off. */
    refuse(openid: string, templateId: string): void {
      userOf(openid).consents.delete(templateId)
    },
    /** Counts one more use of a quota; throws when it is above `most` in this window (a minute, a day). */
    count(quota: string, window: number, most: number, errcode: number): void {
      const counter = counters.get(quota)
      const count = counter?.window === window ? counter.count + 1 : 1
      counters.set(quota, { window, count })
      if (count > most) throw new WechatError(errcode)
    },
    requestsOf(call: CallName): LoggedRequest[] {
      return this.requests.filter((one) => one.call === call)
    },
  }
}
