import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type KeyRing, SUITES, type Suite, type SuiteKey } from './crypto'

/** Everything the environment decides; read once, here and nowhere else. */
export type Config = {
  production: boolean
  host: string
  port: number
  databaseUrl: string
  /** PostgreSQL: the role that migrates and owns the tables, where it is another than the one that serves */
  ownerUrl: string | null
  /** demo identities, demo data; never in production */
  demo: boolean
  /** answers are checked against their view; on everywhere but in production */
  checkAnswers: boolean
  publicUrl: string
  keys: Keys
  /** the pg_dump that `mulin backup` runs */
  pgDump: string
  wechat: { base: string; appid: string; secret: string } | null
  messages: MessageConfig
  trustProxy: boolean
  busyAbove: number
  /** requests a minute and address: twenty times this, of the guessable ones twice this */
  rateLimit: number
  log: LogConfig
}
/**
 * What messages outside of the app need. A template has the keys of its `thing` and its `time`; a lasting one is agreed to
 * once for good, as government services may have.
 */
export type MessageConfig = {
  templates: Readonly<Record<string, Template>>
  build: 'release' | 'trial' | 'develop'
  sms: SmsConfig | null
}
export type Template = { id: string; thing: string; time: string; isLasting: boolean }
export type SmsConfig = { kind: 'console' } | { kind: 'http'; url: string; token: string }
/**
 * keyFile holds the keys checkpoints are signed with, and beside it what was signed last; host begins the log's name for
 * good; witnesses are the verifier keys of those who cosign; sm2 adds a signature by SM2 to each checkpoint.
 */
export type LogConfig = { keyFile: string; host: string; witnesses: string[]; sm2?: boolean }
/**
 * kek wraps data keys, index finds sealed values, code signs plates, token signs access tokens, place marks raw coordinates,
 * own seals what belongs to no person. suite is what new values are sealed with.
 */
export type Keys = {
  suite: Suite
  kek: KeyRing
  index: SuiteKey
  code: KeyRing
  token: KeyRing
  place: Buffer
  own: SuiteKey
}

/** The server does not start on it: every missing or weak setting by name. */
export class BadConfig extends Error {
  constructor(readonly problems: string[]) {
    super(`settings are missing or weak:\n${problems.map((one) => `  - ${one}`).join('\n')}`)
  }
}

const DEMO_SECRET = 'for demonstrations only, refused in production'
const SMS_TOKEN = 'SMS_TOKEN'
const SECRETS = ['MULIN_KEK', 'MULIN_INDEX_KEY', 'MULIN_CODE_KEY', 'MULIN_TOKEN_KEY', 'MULIN_PLACE_KEY'] as const

/**
 * Reads the settings.
 * @throws BadConfig in production, naming each setting that is missing or weak
 */
export function readConfig(given: NodeJS.ProcessEnv = process.env): Config {
  const env = withSecrets(given)
  const production = env.NODE_ENV === 'production'
  const problems = production ? productionProblems(env) : []
  const port = Number(env.PORT ?? 3000)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) problems.push('PORT: a number from 0 to 65535')
  if (!production && !/^(file:.|postgres(ql)?:\/\/)/.test(env.DATABASE_URL ?? 'file:./data/mulin.db'))
    problems.push('DATABASE_URL: file:<path> or postgresql://…')
  const suite = SUITES.find((one) => one === (env.MULIN_SUITE ?? 'aes'))
  if (suite === undefined) problems.push(`MULIN_SUITE: ${SUITES.join(' or ')}`)
  const messages = messagesOf(env, problems)
  if (problems.length > 0 || suite === undefined) throw new BadConfig(problems)
  const kek = ringOf(env.MULIN_KEK, 'kek')
  const host = env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1')
  return {
    production,
    host,
    port,
    databaseUrl: env.DATABASE_URL ?? 'file:./data/mulin.db',
    ownerUrl: env.DATABASE_OWNER_URL ?? null,
    demo: !production,
    checkAnswers: !production,
    publicUrl: (env.PUBLIC_URL ?? `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`).replace(/\/$/, ''),
    keys: {
      suite,
      kek,
      index: { suite, key: ringOf(env.MULIN_INDEX_KEY, 'index')[0].key },
      code: ringOf(env.MULIN_CODE_KEY, 'code'),
      token: ringOf(env.MULIN_TOKEN_KEY, 'token'),
      place: ringOf(env.MULIN_PLACE_KEY, 'place')[0].key as Buffer,
      own: { suite, key: kek[0].key },
    },
    pgDump: env.PG_DUMP ?? 'pg_dump',
    wechat: env.WECHAT_APPID
      ? {
          base: env.WECHAT_API_BASE ?? 'https://api.weixin.qq.com',
          appid: env.WECHAT_APPID,
          secret: env.WECHAT_SECRET ?? '',
        }
      : null,
    messages,
    trustProxy: env.TRUST_PROXY === '1',
    busyAbove: Number(env.MULIN_BUSY_ABOVE ?? 500),
    rateLimit: Number(env.MULIN_RATE_LIMIT ?? 60),
    log: {
      keyFile: env.MULIN_LOG_KEY_FILE ?? keyFileBeside(env.DATABASE_URL ?? 'file:./data/mulin.db'),
      host: env.PUBLIC_URL === undefined ? 'mulin.invalid' : new URL(env.PUBLIC_URL).host,
      sm2: suite === 'sm',
      witnesses: (env.MULIN_LOG_WITNESSES ?? '').split(',').filter((one) => one !== ''),
    },
  }
}

const TEMPLATE = /^(help|points|desk)=([\w-]{1,80}):(thing\d{1,2}),(time\d{1,2})(,lasting)?$/
const BUILDS = ['release', 'trial', 'develop'] as const

/**
 * `WECHAT_TEMPLATES` is `help=<template id>:thing1,time2;points=…;desk=…`, with `,lasting` behind a long-term one;
 * `SMS_SENDER` is `console` or `http`, the latter with `SMS_URL` and `SMS_TOKEN`.
 */
function messagesOf(env: NodeJS.ProcessEnv, problems: string[]): MessageConfig {
  const templates: Record<string, Template> = {}
  for (const one of (env.WECHAT_TEMPLATES ?? '').split(';').filter((text) => text !== '')) {
    const [, subject, id, thing, time, lasting] = TEMPLATE.exec(one) ?? []
    if (subject === undefined || id === undefined || thing === undefined || time === undefined)
      problems.push('WECHAT_TEMPLATES: help=<id>:thing1,time2;points=…;desk=… (,lasting behind a long-term one)')
    else templates[subject] = { id, thing, time, isLasting: lasting !== undefined }
  }
  const build = BUILDS.find((one) => one === (env.WECHAT_BUILD ?? 'release'))
  if (build === undefined) problems.push(`WECHAT_BUILD: ${BUILDS.join(', ')}`)
  return { templates, build: build ?? 'release', sms: smsOf(env, problems) }
}

function smsOf(env: NodeJS.ProcessEnv, problems: string[]): SmsConfig | null {
  const { SMS_SENDER: kind, SMS_URL: url, SMS_TOKEN: token } = env
  if (kind === undefined || kind === '') return null
  if (kind === 'console') return { kind }
  if (kind === 'http' && /^https?:\/\//.test(url ?? '') && (token ?? '') !== '')
    return { kind, url: url as string, token: token as string }
  problems.push('SMS_SENDER: console, or http with SMS_URL and SMS_TOKEN')
  return null
}

const COMMAND_MS = 20_000

/**
 * A secret comes from the environment, from a file (`MULIN_KEK_FILE`) or from what a command prints (`MULIN_KEK_COMMAND`: the
 * client of a key management service or of a hardware module).
 *
 * @throws BadConfig naming the source that gave nothing
 */
function withSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const found: NodeJS.ProcessEnv = { ...env }
  for (const name of [...SECRETS, SMS_TOKEN]) {
    const [file, command] = [env[`${name}_FILE`], env[`${name}_COMMAND`]]
    try {
      if (file !== undefined) found[name] = readFileSync(file, 'utf8').trim()
      else if (command !== undefined)
        found[name] = execFileSync('/bin/sh', ['-c', command], { timeout: COMMAND_MS, encoding: 'utf8' }).trim()
    } catch (error) {
      const { code, status } = error as { code?: string; status?: number }
      throw new BadConfig([`${name}_${file === undefined ? 'COMMAND' : 'FILE'}: ${code ?? `ended with ${status}`}`])
    }
  }
  return found
}

function keyFileBeside(databaseUrl: string): string {
  return databaseUrl.startsWith('file:')
    ? `${databaseUrl.slice('file:'.length).split('?')[0]}.log-keys.pem`
    : './data/log-keys.pem'
}

function productionProblems(env: NodeJS.ProcessEnv): string[] {
  const problems: string[] = []
  if (!/^postgres(ql)?:\/\//.test(env.DATABASE_URL ?? '')) problems.push('DATABASE_URL: a postgresql:// address')
  if (!/^https:\/\//.test(env.PUBLIC_URL ?? '')) problems.push('PUBLIC_URL: the https:// address people scan')
  if (!/^wx[0-9a-f]{16}$/.test(env.WECHAT_APPID ?? ''))
    problems.push('WECHAT_APPID: the mini-program’s appid (wx + 16 hex digits)')
  if (!/^[0-9a-f]{32}$/.test(env.WECHAT_SECRET ?? '')) problems.push('WECHAT_SECRET: 32 hex digits')
  for (const name of SECRETS) {
    const problem = whyWeak(env[name])
    if (problem !== null) problems.push(`${name}: ${problem}`)
  }
  // A printed token has room for one character that says which key signed it.
  if ((env.MULIN_CODE_KEY ?? '').split(',').some((one) => one.includes(':') && !/^[0-9A-Za-z]:/.test(one)))
    problems.push('MULIN_CODE_KEY: key ids of one letter or digit')
  const values = SECRETS.map((name) => env[name]).filter((value) => value !== undefined)
  if (new Set(values).size < values.length) problems.push('MULIN_…: each secret needs a value of its own')
  return problems
}

/** A ring is `id:base64 of 32 bytes`, newest first, joined by commas; a single key needs no id. */
function whyWeak(value: string | undefined): string | null {
  if (value === undefined || value === '') return 'missing (32 random bytes in base64: `openssl rand -base64 32`)'
  for (const one of value.split(',')) {
    const bytes = Buffer.from(one.slice(one.indexOf(':') + 1), 'base64')
    if (bytes.length !== 32) return 'not 32 bytes in base64'
    if (new Set(bytes).size < 16) return 'not random'
  }
  return null
}

function ringOf(value: string | undefined, purpose: string): KeyRing {
  if (value === undefined || value === '')
    return [{ id: 'a', key: createHash('sha256').update(`${DEMO_SECRET} ${purpose}`).digest() }]
  const keys = value.split(',').map((one) => {
    const colon = one.indexOf(':')
    return { id: colon === -1 ? 'a' : one.slice(0, colon), key: Buffer.from(one.slice(colon + 1), 'base64') }
  })
  return keys as unknown as KeyRing
}
