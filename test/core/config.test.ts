import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { BadConfig, readConfig } from '../../server/core/config'

const key = () => randomBytes(32).toString('base64')
const whole = () => ({
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://mulin@db/mulin',
  PUBLIC_URL: 'https://mulin.example.cn/',
  WECHAT_APPID: 'wx0123456789abcdef',
  WECHAT_SECRET: '0123456789abcdef0123456789abcdef',
  MULIN_KEK: key(),
  MULIN_INDEX_KEY: key(),
  MULIN_CODE_KEY: key(),
  MULIN_TOKEN_KEY: key(),
  MULIN_PLACE_KEY: key(),
})

function problemsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    return error instanceof BadConfig ? error.problems.map((one) => one.split(':')[0] as string) : [String(error)]
  }
}

test('production starts with everything set, without demonstration and without checked answers', () => {
  expect(readConfig(whole())).toMatchObject({
    production: true,
    demo: false,
    checkAnswers: false,
    publicUrl: 'https://mulin.example.cn',
  })
})

test('a database of another make is refused by name, not opened as a file', () => {
  for (const DATABASE_URL of ['mysql://mulin@db/mulin', './data/mulin.db', ''])
    expect(problemsOf({ DATABASE_URL })).toEqual(['DATABASE_URL'])
  for (const DATABASE_URL of ['file:./data/mulin.db', 'postgresql://db/mulin', 'postgres://db/mulin'])
    expect(problemsOf({ DATABASE_URL })).toEqual([])
})

test('production names every missing setting at once', () => {
  expect(problemsOf({ NODE_ENV: 'production' })).toEqual([
    'DATABASE_URL',
    'PUBLIC_URL',
    'WECHAT_APPID',
    'WECHAT_SECRET',
    'MULIN_KEK',
    'MULIN_INDEX_KEY',
    'MULIN_CODE_KEY',
    'MULIN_TOKEN_KEY',
    'MULIN_PLACE_KEY',
  ])
})

test.each([
  ['an SQLite file', { DATABASE_URL: 'file:./x.db' }, 'DATABASE_URL'],
  ['an address without TLS', { PUBLIC_URL: 'http://mulin.example.cn' }, 'PUBLIC_URL'],
  ['a key that is too short', { MULIN_TOKEN_KEY: Buffer.from('secret').toString('base64') }, 'MULIN_TOKEN_KEY'],
  ['a key of equal bytes', { MULIN_KEK: Buffer.alloc(32, 7).toString('base64') }, 'MULIN_KEK'],
  ['a code key id that no plate has room for', { MULIN_CODE_KEY: `2027:${key()}` }, 'MULIN_CODE_KEY'],
  ['a port that is none', { PORT: '70000' }, 'PORT'],
])('production refuses %s', (_, change, name) => {
  expect(problemsOf({ ...whole(), ...change })).toEqual([name])
})

test('production refuses one secret for two purposes', () => {
  const same = key()
  expect(problemsOf({ ...whole(), MULIN_TOKEN_KEY: same, MULIN_INDEX_KEY: same })).toHaveLength(1)
})

test('a ring of keys is read newest first, and the older ones stay', () => {
  const { keys } = readConfig({ ...whole(), MULIN_KEK: `b:${key()},a:${key()}` })
  expect(keys.kek.map((one) => one.id)).toEqual(['b', 'a'])
})
