import { z } from 'zod'
import { type Call, type Fetch, jsonOf, type Limits, type LogLine, newHost } from './host'
import { firstBadValue } from './message-values'
import { newQueue } from './queue'
import { failure, type Result } from './results'
import { whyNotPage, whyNotScene } from './scene'
import type { TokenStore } from './token-store'
import { newTokens } from './tokens'

/** Which build of the mini-program a code or a message opens. */
export type Build = 'release' | 'trial' | 'develop'
export type PlateImageInput = { scene: string; page: string; build: Build; width: number }
/** `values` by key of the template: `{ thing1: '陪同就医' }`. */
export type MessageInput = {
  openid: string
  templateId: string
  page: string
  build: Build
  values: Record<string, string>
}
/** What kind of text it is: WeChat judges a remark more mildly than a profile. */
export type TextKind = 'profile' | 'comment' | 'forum' | 'diary'
export type TextInput = { openid: string; kind: TextKind; text: string }

export type WechatOptions = {
  base: string
  appid: string
  secret: string
  tokenStore: TokenStore
  now: () => Date
  fetch?: Fetch
  log?: (line: LogLine) => void
  limits?: Partial<Limits & { running: number; waiting: number }>
}

export type Wechat = ReturnType<typeof newWechat>

const LIMITS = { timeoutMs: 5000, tries: 3, backOffMs: 300, running: 16, waiting: 128 }
const TEXT_CHARACTERS_MAX = 2500
const IMAGE_WIDTH = { min: 280, max: 1280 }
const MESSAGE_STATE = { release: 'formal', trial: 'trial', develop: 'developer' } as const
const TEXT_SCENE = { profile: 1, comment: 2, forum: 3, diary: 4 } as const

const openid = z.string().regex(/^[\w-]{1,128}$/)
const sessionAnswer = z.object({ openid, session_key: z.string().min(1), unionid: z.string().min(1).optional() })
const phoneAnswer = z.object({
  phone_info: z.object({
    purePhoneNumber: z.string().regex(/^\d{4,15}$/),
    countryCode: z.union([z.string(), z.number()]).transform(String),
    watermark: z.object({ appid: z.string() }),
  }),
})
const doneAnswer = z.object({ errcode: z.literal(0) })
const textAnswer = z.object({
  errcode: z.literal(0),
  result: z.object({ suggest: z.enum(['pass', 'review', 'risky']), label: z.number() }),
})

/**
 * WeChat's server side: five calls, each answered in our words. The secret, the session key and the access token stay
 * inside; no call throws for what WeChat or the network does.
 */
export function newWechat(options: WechatOptions) {
  const limits = { ...LIMITS, ...options.limits }
  const { appid, secret, now, log } = options
  const enter = newQueue(limits)
  const ask = newHost({ base: options.base, fetch: options.fetch ?? fetch, limits, now, ...(log && { log }) })
  const tokens = newTokens({ ask, store: options.tokenStore, appid, secret, now })

  async function queued<T>(call: Call<T>, withToken: boolean): Promise<Result<{ value: T }>> {
    return (await enter(() => ask(call, withToken ? tokens : undefined))) ?? failure('busy', true)
  }

  return {
    /** Who has logged in on a phone (`wx.login`). A code lives five minutes and works once. */
    async codeToSession(code: string): Promise<Result<{ openid: string; unionid: string | null }>> {
      const answer = await queued(
        {
          name: 'session',
          method: 'GET',
          path: '/sns/jscode2session',
          query: { appid, secret, js_code: code, grant_type: 'authorization_code' },
          read: jsonOf(sessionAnswer),
          repeatable: false,
        },
        false,
      )
      return answer.ok ? { ok: true, openid: answer.value.openid, unionid: answer.value.unionid ?? null } : answer
    },

    /** The phone number somebody has agreed to give (`getPhoneNumber`), without its country code. */
    async phoneOfCode(code: string): Promise<Result<{ phone: string; countryCode: string }>> {
      const answer = await queued(
        {
          name: 'phone',
          method: 'POST',
          path: '/wxa/business/getuserphonenumber',
          body: { code },
          read: jsonOf(phoneAnswer),
          repeatable: false,
        },
        true,
      )
      if (!answer.ok) return answer
      const { purePhoneNumber: phone, countryCode, watermark } = answer.value.phone_info
      return watermark.appid === appid ? { ok: true, phone, countryCode } : failure('misconfigured')
    },

    /** A mini-program code that opens `page` with `scene`. */
    async plateImage({ scene, page, build, width }: PlateImageInput): Promise<Result<Image>> {
      if (whyNotScene(scene) !== null) return { ...failure('badValue'), field: 'scene' }
      if (whyNotPage(page) !== null) return { ...failure('badValue'), field: 'page' }
      if (!(width >= IMAGE_WIDTH.min && width <= IMAGE_WIDTH.max)) return { ...failure('badValue'), field: 'width' }
      const answer = await queued(
        {
          name: 'plateImage',
          method: 'POST',
          path: '/wxa/getwxacodeunlimit',
          body: { scene, page, check_path: build === 'release', env_version: build, width },
          read: imageIn,
          repeatable: true,
        },
        true,
      )
      return answer.ok ? { ok: true, ...answer.value } : answer
    },

    /** Sends a subscribe message, at most once: after a lost answer it is not sent again, nor should the caller. */
    async sendMessage({ openid, templateId, page, build, values }: MessageInput): Promise<Result<object>> {
      const field = firstBadValue(values)
      if (field !== null) return { ...failure('badValue'), field }
      const answer = await queued(
        {
          name: 'message',
          method: 'POST',
          path: '/cgi-bin/message/subscribe/send',
          body: {
            touser: openid,
            template_id: templateId,
            page,
            miniprogram_state: MESSAGE_STATE[build],
            lang: 'zh_CN',
            data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }])),
          },
          read: jsonOf(doneAnswer),
          repeatable: false,
        },
        true,
      )
      return answer.ok ? { ok: true } : answer
    },

    /** What WeChat thinks of a text. Whatever the failure (elders are often `inactiveUser`), staff look at it instead. */
    async checkText({ openid, kind, text }: TextInput): Promise<Result<{ verdict: 'pass' | 'review' | 'risky' }>> {
      if (text.trim() === '' || text.length > TEXT_CHARACTERS_MAX) return { ...failure('badValue'), field: 'text' }
      const answer = await queued(
        {
          name: 'text',
          method: 'POST',
          path: '/wxa/msg_sec_check',
          body: { version: 2, openid, scene: TEXT_SCENE[kind], content: text },
          read: jsonOf(textAnswer),
          repeatable: true,
        },
        true,
      )
      return answer.ok ? { ok: true, verdict: answer.value.result.suggest } : answer
    },
  }
}

export type Image = { bytes: Buffer; type: 'image/png' | 'image/jpeg' }

const PNG = { head: Buffer.from('89504e470d0a1a0a', 'hex'), tail: Buffer.from('49454e44ae426082', 'hex') }
const JPEG = { head: Buffer.from('ffd8ff', 'hex'), tail: Buffer.from('ffd9', 'hex') }

/** A whole image, told by its own bytes and not by the content type: half a code would be printed on somebody's door. */
function imageIn(bytes: Buffer): Image | null {
  if (isWhole(bytes, PNG)) return { bytes, type: 'image/png' }
  return isWhole(bytes, JPEG) ? { bytes, type: 'image/jpeg' } : null
}

function isWhole(bytes: Buffer, { head, tail }: { head: Buffer; tail: Buffer }): boolean {
  return bytes.subarray(0, head.length).equals(head) && bytes.subarray(-tail.length).equals(tail)
}
