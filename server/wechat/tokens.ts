import { z } from 'zod'
import { type Ask, jsonOf, type TokenSource } from './host'
import type { Result } from './results'
import type { AccessToken, TokenStore } from './token-store'

/** WeChat gives out the next token from five minutes before the end of this one; both work in these minutes. */
const DUE_SECONDS = 240
/** Forced refreshes are counted, 20 a day for all processes together. One in the life of a token is enough. */
const FORCE_EVERY_SECONDS = 7200

const tokenAnswer = z.object({ access_token: z.string().min(1).max(512), expires_in: z.number().int().positive() })

/** The access token: kept in the store, fetched before it ends, and again when WeChat refuses it. */
export function newTokens(options: {
  ask: Ask
  store: TokenStore
  appid: string
  secret: string
  now: () => Date
}): TokenSource {
  const { ask, store, now } = options
  let forcedAt: Date | null = null

  return {
    async current() {
      const held = await store.read()
      if (held !== null && secondsLeft(held) > DUE_SECONDS) return { ok: true, ...held }
      const next = await store.refresh(held?.token ?? null, () => obtain(false))
      return !next.ok && held !== null && secondsLeft(held) > 0 ? { ok: true, ...held } : next
    },
    renewed: (refused) => store.refresh(refused, () => obtainOtherThan(refused)),
  }

  /** Asked normally, WeChat may hand out again what it has just refused: then, and not too often, force it. */
  async function obtainOtherThan(refused: string): Promise<Result<AccessToken>> {
    const next = await obtain(false)
    if (!next.ok || next.token !== refused || !mayForce()) return next
    forcedAt = now()
    const forced = await obtain(true)
    return forced.ok ? forced : next
  }

  async function obtain(force: boolean): Promise<Result<AccessToken>> {
    const asked = now()
    const answer = await ask({
      name: 'token',
      method: 'POST',
      path: '/cgi-bin/stable_token',
      body: { grant_type: 'client_credential', appid: options.appid, secret: options.secret, force_refresh: force },
      read: jsonOf(tokenAnswer),
      repeatable: !force,
    })
    if (!answer.ok) return answer
    const { access_token: token, expires_in: seconds } = answer.value
    return { ok: true, token, expiresAt: new Date(asked.getTime() + seconds * 1000) }
  }

  function mayForce(): boolean {
    return forcedAt === null || (now().getTime() - forcedAt.getTime()) / 1000 >= FORCE_EVERY_SECONDS
  }

  function secondsLeft({ expiresAt }: AccessToken): number {
    return (expiresAt.getTime() - now().getTime()) / 1000
  }
}
