import { setTimeout as pause } from 'node:timers/promises'
import { isTaken } from '../core/db'
import { failure, type Result } from './results'

export type AccessToken = { token: string; expiresAt: Date }

/** One access token for all server processes: two that refresh at once throw away each other's token. */
export type TokenStore = {
  read(): Promise<AccessToken | null>
  /**
   * Replaces a token, one refresher at a time. `stale` is the one the caller can't use (null: there was none); when
   * somebody has replaced it meanwhile, theirs is the answer and `obtain` is not called.
   */
  refresh(stale: string | null, obtain: () => Promise<Result<AccessToken>>): Promise<Result<AccessToken>>
}

/** For one process: the tests, the demo. */
export function newMemoryTokenStore(): TokenStore {
  let held: AccessToken | null = null
  let refreshing: Promise<Result<AccessToken>> | null = null

  async function replace(obtain: () => Promise<Result<AccessToken>>): Promise<Result<AccessToken>> {
    const result = await obtain()
    if (result.ok) held = { token: result.token, expiresAt: result.expiresAt }
    return result
  }

  return {
    read: async () => held,
    async refresh(stale, obtain) {
      if (held !== null && held.token !== stale) return { ok: true, ...held }
      refreshing ??= replace(obtain).finally(() => {
        refreshing = null
      })
      return refreshing
    },
  }
}

/** The row that the processes share. `token` is sealed: who reads the database can't write in our name. */
export type TokenRow = { token: string; expiresAt: Date; refreshingUntil: Date | null }
export type TokenTable = {
  find(id: string): Promise<TokenRow | null>
  /** Takes the lease until `until` when it is free or has run out at `at`, making the row if there is none; true for one caller only. */
  claim(id: string, at: Date, until: Date): Promise<boolean>
  /** Gives the lease back, with the new token if there is one; does nothing when the lease is no longer `until`. */
  finish(id: string, until: Date, next: AccessToken | null): Promise<void>
}

/** Longer than the token call with all its tries can take: a refresher that died blocks the others no longer than this. */
const LEASE_MS = 30_000

/** For many processes: a row of the database, with a lease for whoever refreshes. */
export function newTableTokenStore(options: {
  table: TokenTable
  id: string
  seal: (token: string) => string
  open: (sealed: string) => string
  now: () => Date
  wait?: { polls: number; pollMs: number }
}): TokenStore {
  const { table, id, now } = options
  const { polls, pollMs } = options.wait ?? { polls: 60, pollMs: 200 }

  async function read(): Promise<AccessToken | null> {
    const row = await table.find(id)
    const token = row === null || row.token === '' ? null : opened(row.token)
    return row === null || token === null ? null : { token, expiresAt: row.expiresAt }
  }

  /** A token that no longer opens, after a change of keys, is as good as none: WeChat gives another. */
  function opened(sealed: string): string | null {
    try {
      return options.open(sealed)
    } catch {
      return null
    }
  }

  /** Between looking and claiming another may have claimed, refreshed and let go: then its token is the one. */
  async function replaceUnlessDone(stale: string | null, until: Date, obtain: () => Promise<Result<AccessToken>>) {
    const held = await read()
    if (held === null || held.token === stale) return replace(until, obtain)
    await table.finish(id, until, null)
    return { ok: true as const, ...held }
  }

  async function replace(until: Date, obtain: () => Promise<Result<AccessToken>>): Promise<Result<AccessToken>> {
    let next: AccessToken | null = null
    try {
      const result = await obtain()
      if (result.ok) next = { token: options.seal(result.token), expiresAt: result.expiresAt }
      return result
    } finally {
      await table.finish(id, until, next)
    }
  }

  return {
    read,
    async refresh(stale, obtain) {
      for (let poll = 0; poll < polls; poll++) {
        const held = await read()
        if (held !== null && held.token !== stale) return { ok: true, ...held }
        const at = now()
        const until = new Date(at.getTime() + LEASE_MS)
        if (await table.claim(id, at, until)) return replaceUnlessDone(stale, until, obtain)
        await pause(pollMs)
      }
      return failure('busy', true)
    },
  }
}

/** The part of a Prisma delegate that the table needs; `db.wechatToken` is one. */
export type TokenDelegate = {
  findUnique(query: { where: { id: string } }): PromiseLike<TokenRow | null>
  create(query: { data: TokenRow & { id: string } }): PromiseLike<unknown>
  updateMany(query: {
    where: { id: string; refreshingUntil?: Date; OR?: { refreshingUntil: Date | null | { lte: Date } }[] }
    data: { refreshingUntil: Date | null; token?: string; expiresAt?: Date }
  }): PromiseLike<{ count: number }>
}

/** The table on a database: the lease is compared as it is set, so of two processes one gets it. */
export function tokenTableOf(delegate: TokenDelegate): TokenTable {
  return {
    find: async (id) => delegate.findUnique({ where: { id } }),
    async claim(id, at, until) {
      const isFree = [{ refreshingUntil: null }, { refreshingUntil: { lte: at } }]
      const moved = await delegate.updateMany({ where: { id, OR: isFree }, data: { refreshingUntil: until } })
      if (moved.count === 1) return true
      return (await delegate.findUnique({ where: { id } })) === null && isMade(id, at, until)
    },
    async finish(id, until, next) {
      await delegate.updateMany({ where: { id, refreshingUntil: until }, data: { refreshingUntil: null, ...next } })
    },
  }

  async function isMade(id: string, at: Date, until: Date): Promise<boolean> {
    try {
      await delegate.create({ data: { id, token: '', expiresAt: at, refreshingUntil: until } })
      return true
    } catch (error) {
      if (isTaken(error)) return false
      throw error
    }
  }
}
