import { z } from 'zod'
import type { SmsConfig } from '../core/config'
import type { Log } from '../core/log'

/** `id` names the message: a provider that sees it twice sends it once. */
export type Text = { id: string; phone: string; text: string }
/** `retryable`: it surely did not go out and may be sent again. */
export type SmsResult = { ok: true } | { ok: false; reason: 'busy' | 'refused' | 'unreachable'; retryable: boolean }
export type Sms = { send: (text: Text) => Promise<SmsResult> }

const TIMEOUT_MS = 5000

/** What sends text messages as the settings say, or null where nothing does. */
export function newSms(config: SmsConfig | null, log: Log): Sms | null {
  if (config === null) return null
  return config.kind === 'console' ? consoleSms(log) : httpSms(config)
}

/** For a demonstration: the words go to the log, the number doesn't. */
function consoleSms(log: Log): Sms {
  return {
    async send({ id, text }) {
      log.info({ sms: id, text })
      return { ok: true }
    },
  }
}

const refused = z.object({ ok: z.literal(false) })

/**
 * A gateway of the operator: POST of `{ id, phone, text }` as JSON with a bearer token. 2xx is sent, unless the answer says
 * `{"ok": false}`; 429 and 503 come again later; any other 4xx is refused; and after anything else nobody knows.
 */
function httpSms({ url, token }: { url: string; token: string }): Sms {
  return {
    async send(text) {
      try {
        const response = await fetch(url, {
          method: 'POST',
          redirect: 'error',
          signal: AbortSignal.timeout(TIMEOUT_MS),
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify(text),
        })
        const answer: unknown = await response.json().catch(() => null)
        if (response.status === 429 || response.status === 503) return { ok: false, reason: 'busy', retryable: true }
        if (response.ok) return refused.safeParse(answer).success ? no('refused') : { ok: true }
        return response.status < 500 ? no('refused') : no('unreachable')
      } catch (error) {
        return { ok: false, reason: 'unreachable', retryable: neverLeft(error) }
      }
    },
  }
}

const no = (reason: 'refused' | 'unreachable'): SmsResult => ({ ok: false, reason, retryable: false })

function neverLeft(error: unknown): boolean {
  const { cause } = (error ?? {}) as { cause?: { code?: string } }
  return cause?.code === 'ECONNREFUSED' || cause?.code === 'ENOTFOUND' || cause?.code === 'EAI_AGAIN'
}
