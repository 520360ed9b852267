import { describe, expect, test } from 'vitest'
import type { Result } from '../../server/wechat/results'
import {
  type AccessToken,
  newMemoryTokenStore,
  newTableTokenStore,
  type TokenRow,
  type TokenStore,
  type TokenTable,
} from '../../server/wechat/token-store'
import { newWechatWorld, plate } from '../support/wechat-world'

/** A database row in memory, with the compare-and-set the real one has. */
function newTable(): TokenTable & { rows: Map<string, TokenRow> } {
  const rows = new Map<string, TokenRow>()
  return {
    rows,
    find: async (id) => rows.get(id) ?? null,
    async claim(id, at, until) {
      const row = rows.get(id) ?? { token: '', expiresAt: at, refreshingUntil: null }
      if (row.refreshingUntil !== null && row.refreshingUntil > at) return false
      rows.set(id, { ...row, refreshingUntil: until })
      return true
    },
    async finish(id, until, next) {
      const row = rows.get(id)
      if (row?.refreshingUntil?.getTime() === until.getTime()) rows.set(id, { ...row, refreshingUntil: null, ...next })
    },
  }
}

/** "Encryption" that a test can read. */
const backwards = (text: string) => [...text].reverse().join('')

function storeOn(table: TokenTable, now: () => Date): TokenStore {
  const wait = { polls: 50, pollMs: 5 }
  return newTableTokenStore({ table, id: 'wx', seal: backwards, open: backwards, now, wait })
}

const at = (time: string) => new Date(`2026-11-22T${time}Z`)
const given = (token: string): Result<AccessToken> => ({ ok: true, token, expiresAt: at('03:00:00') })

describe.each([
  ['one process', () => newMemoryTokenStore()],
  ['many processes', () => storeOn(newTable(), () => at('01:00:00'))],
] as const)('the token store of %s', (_name, newStore) => {
  test('keeps what was obtained', async () => {
    const store = newStore()
    expect(await store.read()).toBeNull()
    expect(await store.refresh(null, async () => given('one'))).toEqual(given('one'))
    expect(await store.read()).toEqual({ token: 'one', expiresAt: at('03:00:00') })
  })

  test('lets one of many refresh at once, and all get its token', async () => {
    const store = newStore()
    let asked = 0
    const obtain = async () => {
      asked += 1
      await new Promise((done) => setTimeout(done, 20))
      return given(`token-${asked}`)
    }
    const answers = await Promise.all(Array.from({ length: 10 }, () => store.refresh(null, obtain)))
    expect(answers).toEqual(Array(10).fill(given('token-1')))
    expect(asked).toBe(1)
  })

  test('does not obtain another when somebody has replaced the stale one meanwhile', async () => {
    const store = newStore()
    await store.refresh(null, async () => given('new'))
    expect(await store.refresh('old', async () => given('newest'))).toEqual(given('new'))
    expect(await store.refresh('new', async () => given('newest'))).toEqual(given('newest'))
  })

  test('keeps the old one and lets the next try, when obtaining fails or breaks', async () => {
    const store = newStore()
    const failed = { ok: false, reason: 'unreachable', retryable: true } as const
    expect(await store.refresh(null, async () => failed)).toEqual(failed)
    await expect(store.refresh(null, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await store.read()).toBeNull()
    expect(await store.refresh(null, async () => given('one'))).toEqual(given('one'))
  })
})

describe('the token store of many processes', () => {
  test('writes the token sealed', async () => {
    const table = newTable()
    await storeOn(table, () => at('01:00:00')).refresh(null, async () => given('secret-token'))
    expect(JSON.stringify([...table.rows])).not.toContain('secret-token')
    expect(table.rows.get('wx')).toMatchObject({ token: backwards('secret-token'), refreshingUntil: null })
  })

  test('takes a token that no longer opens, after a change of keys, for none', async () => {
    const table = newTable()
    await storeOn(table, () => at('01:00:00')).refresh(null, async () => given('one'))
    const open = () => {
      throw new Error('another key')
    }
    const store = newTableTokenStore({ table, id: 'wx', seal: backwards, open, now: () => at('01:00:00') })
    expect(await store.read()).toBeNull()
    expect(await store.refresh(null, async () => given('two'))).toEqual(given('two'))
  })

  test('waits for another process only as long as its lease, and then takes over', async () => {
    const table = newTable()
    let now = at('01:00:00')
    await table.claim('wx', now, at('01:00:30'))
    const store = storeOn(table, () => now)
    expect(await store.refresh(null, async () => given('mine'))).toEqual({ ok: false, reason: 'busy', retryable: true })
    now = at('01:00:30')
    expect(await store.refresh(null, async () => given('mine'))).toEqual(given('mine'))
  })

  test('does not overwrite the token of whoever took over its lease', async () => {
    const table = newTable()
    let now = at('01:00:00')
    const slow = storeOn(table, () => now)
    await slow.refresh(null, async () => {
      now = at('01:01:00')
      await storeOn(table, () => now).refresh(null, async () => given('quick'))
      return given('slow')
    })
    expect(await slow.read()).toMatchObject({ token: 'quick' })
  })
})

describe('the access token', () => {
  test('is fetched once for many calls, and again in its last five minutes while the old one still works', async () => {
    const { wechat, emulator } = await newWechatWorld()
    await Promise.all(Array.from({ length: 10 }, () => wechat.plateImage(plate)))
    expect(emulator.requestsOf('token')).toHaveLength(1)
    const first = emulator.tokens.current?.token
    emulator.clock.advance(7200 - 301)
    await wechat.plateImage(plate)
    expect(emulator.requestsOf('token')).toHaveLength(1)
    emulator.clock.advance(100)
    expect(await wechat.plateImage(plate)).toMatchObject({ ok: true })
    expect(emulator.requestsOf('token')).toHaveLength(2)
    expect(emulator.tokens.current?.token).not.toBe(first)
    expect(emulator.tokens.last?.token).toBe(first)
    expect(emulator.requestsOf('plateImage').every(({ errcode }) => errcode === 0)).toBe(true)
  })

  test('is one for all processes', async () => {
    const { processWith, emulator } = await newWechatWorld()
    const table = newTable()
    const processes = [1, 2, 3].map(() => processWith(storeOn(table, emulator.clock.now)))
    const answers = await Promise.all(processes.flatMap((one) => [one.plateImage(plate), one.plateImage(plate)]))
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(emulator.requestsOf('token')).toHaveLength(1)
  })

  test('is replaced when somebody else has forced a new one', async () => {
    const { wechat, emulator } = await newWechatWorld()
    await wechat.plateImage(plate)
    await forceElsewhere(emulator)
    expect(await wechat.plateImage(plate)).toMatchObject({ ok: true })
    expect(emulator.requestsOf('token').filter(({ body }) => Object(body).force_refresh === true)).toHaveLength(1)
  })

  test('is forced when WeChat hands out again what it refuses, once in the life of a token', async () => {
    const { wechat, emulator } = await newWechatWorld()
    const refuse = () => emulator.faults.push({ kind: 'errcode', errcode: 40001, times: 1, call: 'plateImage' })
    const forced = () => emulator.requestsOf('token').filter(({ body }) => Object(body).force_refresh === true).length
    for (let turn = 0; turn < 3; turn++) {
      refuse()
      expect(await wechat.plateImage(plate)).toMatchObject({ ok: true })
    }
    expect(forced()).toBe(1)
    emulator.clock.advance(7200)
    refuse()
    expect(await wechat.plateImage(plate)).toMatchObject({ ok: true })
    expect(forced()).toBe(2)
  })

  test.each([40001, 41001, 42001])('is renewed after %i', async (errcode) => {
    const { wechat, emulator } = await newWechatWorld()
    emulator.faults.push({ kind: 'errcode', errcode, times: 1, call: 'plateImage' })
    expect(await wechat.plateImage(plate)).toMatchObject({ ok: true })
  })

  test('goes on working while WeChat gives no new one in its last minutes', async () => {
    const { wechat, emulator } = await newWechatWorld()
    await wechat.plateImage(plate)
    emulator.clock.advance(7200 - 200)
    emulator.faults.push({ kind: 'status', status: 503, acted: false, times: 3, call: 'token' })
    expect(await wechat.plateImage(plate)).toMatchObject({ ok: true })
    emulator.clock.advance(200)
    emulator.faults.push({ kind: 'status', status: 503, acted: false, times: 3, call: 'token' })
    expect(await wechat.plateImage(plate)).toEqual({ ok: false, reason: 'unreachable', retryable: true })
  })
})

describe("the emulator's tokens", () => {
  test('can be forced twenty times a day, and not twice within 30 seconds', async () => {
    const { emulator } = await newWechatWorld()
    const first = await forceElsewhere(emulator)
    emulator.clock.advance(29)
    expect((await forceElsewhere(emulator)).access_token).toBe(first.access_token)
    for (let turn = 2; turn < 20; turn++) {
      emulator.clock.advance(30)
      expect(await forceElsewhere(emulator)).not.toHaveProperty('errcode')
    }
    emulator.clock.advance(30)
    expect(await forceElsewhere(emulator)).toMatchObject({ errcode: 45009 })
    emulator.clock.advance(24 * 3600)
    expect(await forceElsewhere(emulator)).not.toHaveProperty('errcode')
  })
})

async function forceElsewhere({ base, appid, secret }: { base: string; appid: string; secret: string }) {
  const body = JSON.stringify({ grant_type: 'client_credential', appid, secret, force_refresh: true })
  return (await fetch(`${base}/cgi-bin/stable_token`, { method: 'POST', body })).json()
}
