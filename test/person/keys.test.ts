import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { BadConfig, type Keys, readConfig } from '../../server/core/config'
import { query } from '../../server/core/db'
import { countKeys, findKeys } from '../../server/core/key-store'
import { newLog } from '../../server/core/log'
import { keyProgress, rotateKeys, sweepKeys, whyNotKeys } from '../../server/person/keys'
import { addPersons, openPersons } from '../../server/person/vault'
import { idCheckDigit } from '../../shared/person/rules'
import { provider } from '../support/database'
import { newWorld, serveWorld, type World } from '../support/world'

const folder = mkdtempSync(join(tmpdir(), 'mulin-keys-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const key = () => randomBytes(32).toString('base64')

/** A thousand people whose names, phones and numbers occur nowhere else. */
const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许'
const GIVEN = '璨翾甪霂亹奭韡佶瑱婼骎祎玹垚珣昶璟淏翀晸赟烜炘暄彧妘茜莞蓁葳旖忞恺悰憬懿攸斆'
const people = Array.from({ length: 1000 }, (_, i) => {
  const first17 = `990000${1940 + (i % 40)}0308${String(i).padStart(3, '0')}`
  const given = `${GIVEN[i % GIVEN.length]}${GIVEN[Math.floor(i / GIVEN.length) % GIVEN.length]}`
  return {
    name: `${SURNAMES[i % SURNAMES.length]}${given}`,
    identityKind: 'idCard' as const,
    idNumber: first17 + idCheckDigit(first17),
    phone: `1717${String(2_000_000 + i * 7919).slice(0, 7)}`,
  }
})

test('of a thousand people no name, phone or ID number stands in the database, its log of writes, its backup or our log', async () => {
  const lines: string[] = []
  const world = await newWorld({ log: newLog('info', { write: (line: string) => void lines.push(line) }) })
  const { ask } = await serveWorld(world)
  const staff = await world.staff('countyAdmin', world.places.county)
  await world.db.$transaction((tx) => addPersons(tx, world.keys, people, world.clock.now))
  const [first] = people
  await ask(staff, 'GET', `/elders?q=${encodeURIComponent(first?.name ?? '')}`)
  await ask(staff, 'GET', `/elders?q=${first?.phone}`)

  const texts = await everythingWritten(world)
  texts.push(lines.join('\n'))

  expect(lines.length).toBeGreaterThan(1)
  expect(texts.filter((text) => text.includes('k1.a.'))).not.toEqual([])
  const secret = new Set(people.flatMap(({ name, phone, idNumber }) => [name, phone, idNumber]))
  expect(secretsIn(`${first?.name} 1${first?.phone}2 ${first?.idNumber}`, secret)).toHaveLength(3)
  expect(texts.flatMap((text) => secretsIn(text, secret))).toEqual([])
}, 120_000)

/** Every piece of a text that is long enough, looked up: a thousand searches through megabytes would take minutes. */
function secretsIn(text: string, secret: ReadonlySet<string>): string[] {
  const found: string[] = []
  for (const [run] of text.matchAll(/[\dX]{11,}|[\u3400-\u9fff]{3,}/g))
    for (const length of [3, 11, 18])
      for (let at = 0; at + length <= run.length; at++)
        if (secret.has(run.slice(at, at + length))) found.push(run.slice(at, at + length))
  return found
}

/** The bytes as they lie on the disk, or every row of every table as a dump has them. */
async function everythingWritten({ db, databaseUrl }: World): Promise<string[]> {
  if (provider() === 'sqlite') {
    const file = databaseUrl.replace(/^file:/, '')
    const files = ['', '-wal', '.keys', '.keys-wal'].map((end) => `${file}${end}`)
    return files.filter(existsSync).map((path) => readFileSync(path, 'utf8'))
  }
  const tables = await query<{ name: string }>(
    db,
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname IN ('public', 'keystore')`,
  )
  const dumped: string[] = []
  for (const { name } of tables) {
    const rows = await query<{ row: string }>(db, `SELECT t::text AS row FROM ${name} AS t`)
    dumped.push(`${name}\n${rows.map(({ row }) => row).join('\n')}`)
  }
  return dumped
}

const withNewKek = (keys: Keys): Keys => ({ ...keys, kek: [{ id: 'b', key: randomBytes(32) }, ...keys.kek] })

test('a new key-encryption key wraps every person’s key anew in the background, and everybody stays readable all the time', async () => {
  const world = await newWorld()
  const ids = await world.db.$transaction((tx) => addPersons(tx, world.keys, people.slice(0, 520), world.clock.now))
  const rotated = withNewKek(world.keys)
  const all = (await countKeys(world.db))[0]?.keys as number
  expect(await keyProgress(world.db, rotated)).toMatchObject({ kekId: 'b', keys: all, waiting: all })

  await rotateKeys(world.db, rotated, { pages: 1 })

  expect(await keyProgress(world.db, rotated)).toMatchObject({ waiting: all - 500 })
  expect((await openPersons(world.db, rotated, ids)).get(ids[0] as string)?.name).toBe(people[0]?.name)
  expect((await openPersons(world.db, rotated, ids)).get(ids[519] as string)?.name).toBe(people[519]?.name)

  await rotateKeys(world.db, rotated)

  expect(await keyProgress(world.db, rotated)).toMatchObject({ waiting: 0, keys: all })
  const onlyNew: Keys = { ...rotated, kek: [rotated.kek[0]] }
  expect((await openPersons(world.db, onlyNew, ids)).get(ids[3] as string)?.phone).toBe(people[3]?.phone)
})

test('a key of nobody is swept away, and no other', async () => {
  const world = await newWorld()
  const [kept, gone] = await world.db.$transaction((tx) =>
    addPersons(tx, world.keys, people.slice(0, 2), world.clock.now),
  )
  await world.db.person.delete({ where: { id: gone as string } })

  expect(await sweepKeys(world.db)).toBe(1)

  expect((await findKeys(world.db, [kept as string, gone as string])).map((one) => one.personId)).toEqual([kept])
})

test('with another suite or key a database is not served', async () => {
  const world = await newWorld()
  await world.person()
  expect(await whyNotKeys(world.db, world.keys)).toBeNull()
  expect(await whyNotKeys(world.db, { ...world.keys, suite: 'sm' })).toContain('MULIN_SUITE')
  expect(await whyNotKeys(world.db, { ...world.keys, kek: [{ id: 'z', key: randomBytes(32) }] })).toContain('MULIN_KEK')
})

test('a secret comes from the environment, a file, or a command', () => {
  const [inFile, printed] = [key(), key()]
  writeFileSync(join(folder, 'kek'), `${inFile}\n`)
  const fromFile = readConfig({ MULIN_KEK_FILE: join(folder, 'kek') })
  const fromCommand = readConfig({ MULIN_KEK_COMMAND: `printf '%s\\n' '${printed}'` })

  expect(Buffer.from(fromFile.keys.kek[0].key).toString('base64')).toBe(inFile)
  expect(Buffer.from(fromCommand.keys.kek[0].key).toString('base64')).toBe(printed)
  for (const env of [{ MULIN_KEK_FILE: join(folder, 'none') }, { MULIN_KEK_COMMAND: 'exit 3' }])
    expect(() => readConfig(env)).toThrow(BadConfig)
})
