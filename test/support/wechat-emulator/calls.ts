import QRCode from 'qrcode'
import { WechatError } from './errors'
import type { CallName } from './faults'
import { acceptsValue } from './message-values'
import { ACTIVE_SECONDS, CODE_LIFE_SECONDS, type State, type Token } from './state'

type Input = { query: Record<string, string>; body: Record<string, unknown> }
type Answer = { type: string; body: string | Buffer }
export type EmulatedCall = {
  name: CallName
  method: 'GET' | 'POST'
  path: string
  answer: (state: State, input: Input) => Answer | Promise<Answer>
}

const TOKEN_LIFE_SECONDS = 7200
const TOKEN_OVERLAP_SECONDS = 300
const FORCED_A_DAY = 20
const FORCED_APART_SECONDS = 30
const SCENE = /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}$/
const TEXT_CHARACTERS_MAX = 2500

/** Words that stand for what the real judge dislikes, with the label it gives. The first is WeChat's own test text. */
const JUDGED: readonly { text: string; suggest: 'risky' | 'review'; label: number }[] = [
  { text: '特3456书yuuo莞6543李zxcz蒜7782法fgnv级', suggest: 'risky', label: 20006 },
  { text: '刷单返利', suggest: 'risky', label: 20008 },
  { text: '加微信', suggest: 'review', label: 10001 },
]

/** The calls of the host that we use. Success of the first two has no errcode, the others say 0. */
export const CALLS: readonly EmulatedCall[] = [
  { name: 'session', method: 'GET', path: '/sns/jscode2session', answer: session },
  { name: 'token', method: 'POST', path: '/cgi-bin/stable_token', answer: stableToken },
  { name: 'phone', method: 'POST', path: '/wxa/business/getuserphonenumber', answer: withToken(phone) },
  { name: 'plateImage', method: 'POST', path: '/wxa/getwxacodeunlimit', answer: withToken(plateImage) },
  { name: 'message', method: 'POST', path: '/cgi-bin/message/subscribe/send', answer: withToken(message) },
  { name: 'text', method: 'POST', path: '/wxa/msg_sec_check', answer: withToken(text) },
]

/** The login call answers JSON as plain text, as the real one does. */
function session(state: State, { query }: Input): Answer {
  checkApp(state, query)
  if (query.grant_type !== 'authorization_code') throw new WechatError(40002)
  if (!query.js_code) throw new WechatError(41008)
  const code = state.codes.get(query.js_code)
  if (code === undefined || code.kind !== 'login') throw new WechatError(40029)
  const user = state.userOf(code.openid)
  state.count(`session:${user.openid}`, state.clock.minute(), 100, 45011)
  if (isOlder(state, code.madeAt, CODE_LIFE_SECONDS)) throw new WechatError(40029)
  if (code.used) throw new WechatError(40163)
  if (user.blocked) throw new WechatError(40226)
  code.used = true
  user.activeAt = state.clock.now()
  const sessionKey = state.chance.bytes(16).toString('base64')
  const unionid = user.unionid === null ? {} : { unionid: user.unionid }
  return { type: 'text/plain', body: JSON.stringify({ session_key: sessionKey, openid: user.openid, ...unionid }) }
}

/** The same token until five minutes before its end; then a new one, while the old one lives on to its end. Forced: the old one is dead. */
function stableToken(state: State, { body }: Input): Answer {
  if (body.grant_type !== 'client_credential') throw new WechatError(40002)
  checkApp(state, { appid: String(body.appid ?? ''), secret: String(body.secret ?? '') })
  state.count('token', state.clock.minute(), 10_000, 45011)
  const { tokens } = state
  if (body.force_refresh === true) force(state)
  else if (tokens.current === null || secondsLeft(state, tokens.current) <= TOKEN_OVERLAP_SECONDS) {
    tokens.last = tokens.current
    tokens.current = newToken(state)
  }
  const { token = '', endsAt = state.clock.now() } = tokens.current ?? {}
  const seconds = Math.round((endsAt.getTime() - state.clock.now().getTime()) / 1000)
  return json({ access_token: token, expires_in: seconds })
}

/** Counted per day; sooner than 30 s after the last one it changes nothing. */
function force(state: State): void {
  state.count('forced', state.clock.day(), FORCED_A_DAY, 45009)
  const { tokens } = state
  if (tokens.forcedAt !== null && !isOlder(state, tokens.forcedAt, FORCED_APART_SECONDS - 1) && tokens.current !== null)
    return
  tokens.last = null
  tokens.current = newToken(state)
  tokens.forcedAt = state.clock.now()
}

function newToken(state: State): Token {
  const madeAt = state.clock.now()
  return {
    token: `90_${state.chance.letters(133)}`,
    madeAt,
    endsAt: new Date(madeAt.getTime() + TOKEN_LIFE_SECONDS * 1000),
  }
}

function phone(state: State, { body }: Input): Answer {
  const code = state.codes.get(String(body.code ?? ''))
  if (code === undefined || code.kind !== 'phone') throw new WechatError(40029)
  const user = state.userOf(code.openid)
  state.count(`phone:${user.openid}`, state.clock.minute(), 100, 45011)
  if (code.used || isOlder(state, code.madeAt, CODE_LIFE_SECONDS)) throw new WechatError(40029)
  code.used = true
  const { phone: purePhoneNumber, countryCode } = user
  return json({
    ...OK,
    phone_info: {
      phoneNumber: countryCode === '86' ? purePhoneNumber : `+${countryCode}${purePhoneNumber}`,
      purePhoneNumber,
      // documented as a string, seen as a number
      countryCode: state.chance.next(2) === 0 ? countryCode : Number(countryCode),
      watermark: { timestamp: Math.floor(state.clock.now().getTime() / 1000), appid: state.appid },
    },
  })
}

/** A QR code of the scene instead of the round code that only WeChat can read. */
async function plateImage(state: State, { body }: Input): Promise<Answer> {
  state.count('plateImage', state.clock.minute(), 5000, 45009)
  const { scene, page, check_path: checkPath = true, env_version: version = 'release', width = 430 } = body
  if (typeof scene !== 'string' || !SCENE.test(scene)) throw new WechatError(40169)
  if (!['release', 'trial', 'develop'].includes(String(version))) throw new WechatError(40097)
  if (typeof width !== 'number' || width < 280 || width > 1280) throw new WechatError(40097)
  if (page !== undefined && (typeof page !== 'string' || /^\/|[?&]/.test(page))) throw new WechatError(41030)
  if (checkPath === true && page !== undefined && !state.publishedPages.has(page)) throw new WechatError(41030)
  return { type: 'image/png', body: await QRCode.toBuffer(scene, { width, errorCorrectionLevel: 'Q' }) }
}

function message(state: State, { body }: Input): Answer {
  state.count('message', state.clock.day(), 10_000_000, 45009)
  const { touser, template_id: templateId, page, data, miniprogram_state: opens = 'formal' } = body
  const user = state.userOf(String(touser ?? ''))
  const template = state.templates.get(String(templateId ?? ''))
  if (template === undefined) throw new WechatError(40037)
  if (!['developer', 'trial', 'formal'].includes(String(opens))) throw new WechatError(40097)
  if (page !== undefined && !state.publishedPages.has(String(page).split('?')[0] ?? '')) throw new WechatError(41030)
  const values = valuesOf(template.keys, data)
  const left = user.consents.get(template.id) ?? 0
  if (left < 1) throw new WechatError(43101)
  user.consents.set(template.id, left - 1)
  state.messages.push({
    openid: user.openid,
    templateId: template.id,
    page: page === undefined ? null : String(page),
    values,
    at: state.clock.now(),
  })
  return json(OK)
}

function valuesOf(keys: readonly string[], data: unknown): Record<string, string> {
  const given = new Map(Object.entries(isRecord(data) ? data : {}))
  return Object.fromEntries(
    keys.map((key) => {
      const entry = given.get(key)
      const value = isRecord(entry) ? entry.value : undefined
      if (typeof value !== 'string' || !acceptsValue(key, value))
        throw new WechatError(47003, ` data.${key}.value invalid`)
      return [key, value]
    }),
  )
}

function text(state: State, { body }: Input): Answer {
  state.count('text', state.clock.minute(), 4000, 45009)
  const { version, openid, scene, content } = body
  if (version !== 2) throw new WechatError(47001)
  if (typeof content !== 'string' || content === '') throw new WechatError(44002)
  if (content.length > TEXT_CHARACTERS_MAX) throw new WechatError(47001)
  if (typeof scene !== 'number' || ![1, 2, 3, 4].includes(scene)) throw new WechatError(40129)
  const user = state.userOf(String(openid ?? ''))
  if (user.activeAt === null || isOlder(state, user.activeAt, ACTIVE_SECONDS)) throw new WechatError(61010)
  const { suggest, label } = JUDGED.find((one) => content.includes(one.text)) ?? { suggest: 'pass', label: 100 }
  return json({
    ...OK,
    detail: [{ strategy: 'content_model', errcode: 0, suggest, label, prob: 90 }],
    trace_id: `${state.chance.hex8()}-${state.chance.hex8()}`,
    result: { suggest, label },
  })
}

const OK = { errcode: 0, errmsg: 'ok' }

function json(body: object): Answer {
  return { type: 'application/json; encoding=utf-8', body: JSON.stringify(body) }
}

function checkApp(state: State, { appid, secret }: Record<string, string>): void {
  if (!appid) throw new WechatError(41002)
  if (!secret) throw new WechatError(41004)
  if (appid !== state.appid) throw new WechatError(40013)
  if (secret !== state.secret) throw new WechatError(40125)
  if (!state.ipAllowed.value) throw new WechatError(40164)
}

function withToken(answer: EmulatedCall['answer']): EmulatedCall['answer'] {
  return (state, input) => {
    const given = input.query.access_token
    if (!given) throw new WechatError(41001)
    const known = [state.tokens.current, state.tokens.last].find((one) => one?.token === given)
    if (!known) throw new WechatError(40001)
    if (secondsLeft(state, known) <= 0) throw new WechatError(42001)
    return answer(state, input)
  }
}

function secondsLeft(state: State, { endsAt }: Token): number {
  return (endsAt.getTime() - state.clock.now().getTime()) / 1000
}

function isOlder(state: State, at: Date, seconds: number): boolean {
  return state.clock.now().getTime() - at.getTime() > seconds * 1000
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
