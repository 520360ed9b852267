import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Actor } from '../../server/core/actor'
import { BadConfig, type Keys, readConfig } from '../../server/core/config'
import { query } from '../../server/core/db'
import { countKeys, findKeys } from '../../server/core/key-store'
import { newLog } from '../../server/core/log'
import { importFile } from '../../server/import/apply'
import { sendMessages } from '../../server/message/send'
import { keyProgress, rotateKeys, sweepKeys, whyNotKeys } from '../../server/person/keys'
import { addPersons, openPersons } from '../../server/person/vault'
import { newSms } from '../../server/sms/sms'
import { idCheckDigit } from '../../shared/person/rules'
import { provider } from '../support/database'
import { csvOf, line } from '../support/elder-file'
import { newWorld, serveWorld, type World } from '../support/world'

type Ask = Awaited<ReturnType<typeof serveWorld>>['ask']

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
  const log = newLog('info', { write: (line: string) => void lines.push(line) })
  const sms = newSms({ kind: 'console' }, log)
  const world = await newWorld({ log, ...(sms === null ? {} : { sms }) })
  const { ask } = await serveWorld(world)
  const staff = await world.staff('countyAdmin', world.places.county)
  const ids = await world.db.$transaction((tx) => addPersons(tx, world.keys, people, world.clock.now))
  const [first] = people
  await ask(staff, 'GET', `/elders?q=${encodeURIComponent(first?.name ?? '')}`)
  await ask(staff, 'GET', `/elders?q=${first?.phone}`)
  await liveOn(world, ask, staff, ids)

  const texts = await everythingWritten(world)
  texts.push(lines.join('\n'))

  expect(lines.some((line) => line.includes('有人要送您积分') || line.includes('有老人求助'))).toBe(true)
  expect(texts.filter((text) => text.includes(world.keys.suite === 'sm' ? 'k2.a.' : 'k1.a.'))).not.toEqual([])
  expect(secretsIn(`${first?.name} 1${first?.phone}2 ${first?.idNumber}`, secret)).toHaveLength(3)
  expect(texts.flatMap((text) => secretsIn(text, secret))).toEqual([])

  // and it would be seen if there were one
  await world.db.message.updateMany({ data: { reason: `打不通 ${first?.phone}` } })
  await world.db.notice.updateMany({ data: { body: `${first?.name}，您好` } })
  const careless = await everythingWritten(world)
  expect(new Set(careless.flatMap((text) => secretsIn(text, secret)))).toEqual(new Set([first?.phone, first?.name]))
}, 180_000)

const secret: ReadonlySet<string> = new Set(people.flatMap(({ name, phone, idNumber }) => [name, phone, idNumber]))

/** What these people then do and have done to them, wherever names and numbers are typed in or sent out. */
async function liveOn(world: World, ask: Ask, staff: Actor, ids: readonly string[]): Promise<void> {
  const { db, keys, clock, places } = world
  const nameOf = (place: number) => people[place]?.name ?? ''
  const phoneOf = (place: number) => people[place]?.phone ?? ''
  const done = async (who: { personId: string }, method: string, path: string, body?: unknown) => {
    const { status, body: answer } = await ask<unknown>(who, method, path, body)
    expect([path, status < 300 || answer]).toEqual([path, true])
  }
  const [giver, taker] = [
    await world.member({ personId: ids[0] as string }),
    await world.member({ personId: ids[1] as string }),
  ]
  const elder = await world.elder({ personId: ids[2] as string })
  await world.proxy(elder.id, { personId: ids[3] as string })

  // a spreadsheet of people, a contact to telephone, relatives named by name and phone, a wish about one's data
  const sheet = [...Array(40).keys()].map((place) =>
    line({
      姓名: nameOf(100 + place),
      电话: phoneOf(100 + place),
      联系人姓名: nameOf(200 + place),
      联系人电话: phoneOf(200 + place),
      联系人关系: '儿子',
    }),
  )
  const given = {
    id: randomUUID(),
    kind: 'elders' as const,
    file: csvOf(sheet).toString('base64'),
    fileName: '老人.csv',
  }
  const { counts } = await importFile(db, keys, staff, given, clock.now)
  expect(counts.new).toBe(40)
  const contact = { id: randomUUID(), relation: '女儿', name: nameOf(4), phone: phoneOf(4) }
  await done(staff, 'POST', `/elders/${elder.id}/contacts`, contact)
  const kin = { id: randomUUID(), relation: 'parent', name: nameOf(1), phone: phoneOf(1) }
  await done(giver, 'POST', '/kin', kin)
  const wish = { id: randomUUID(), kind: 'correct', text: `我叫${nameOf(0)}，电话换成${phoneOf(0)}` }
  await done(giver, 'POST', '/me/data-requests', wish)

  // looked at, listed without masks, certified, told outside of the app
  await done(staff, 'POST', `/elders/${elder.id}/reveals`, { field: 'idNumber', purpose: '核对' })
  const unmasked = { id: randomUUID(), kind: 'elders', regionId: places.village.id, purpose: '入户核对' }
  await done(staff, 'POST', '/unmasked-exports', unmasked)
  const other = await world.staff('countyAdmin', places.county)
  await done(other, 'POST', `/unmasked-exports/${unmasked.id}/decision`, { agreed: true })
  await done(staff, 'POST', `/unmasked-exports/${unmasked.id}/file`, {})
  await done(staff, 'GET', '/exports/members')
  const alarm = { id: randomUUID(), elderId: elder.id, words: '摔倒了' }
  await world.staff('villageStaff', places.village, { personId: ids[5] as string })
  await done(staff, 'POST', '/alarms', alarm)
  await sendMessages(world.parts, clock.now)
  expect(await db.message.count({ where: { state: 'sent' } })).toBeGreaterThan(0)
  await done(taker, 'GET', '/notices')
}

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
    const copy = join(folder, `${randomUUID()}.db`)
    await db.$executeRawUnsafe(`VACUUM INTO '${copy}'`)
    const files = [...['', '-wal', '.keys', '.keys-wal'].map((end) => `${file}${end}`), copy]
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
  const other = world.keys.suite === 'sm' ? 'aes' : 'sm'
  expect(await whyNotKeys(world.db, { ...world.keys, suite: other })).toContain('MULIN_SUITE')
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
