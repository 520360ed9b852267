import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Actor } from '../../server/core/actor'
import { BadConfig, type Keys, readConfig } from '../../server/core/config'
import { countKeys, findKeys } from '../../server/core/key-store'
import { newLog } from '../../server/core/log'
import { importFile } from '../../server/import/apply'
import { sendMessages } from '../../server/message/send'
import { keyProgress, rotateKeys, sweepKeys, whyNotKeys } from '../../server/person/keys'
import { addPersons, openPersons } from '../../server/person/vault'
import { exportArchive } from '../../server/proof/export'
import { signCheckpoints } from '../../server/proof/keep'
import { newSms } from '../../server/sms/sms'
import { idCheckDigit } from '../../shared/person/rules'
import { provider } from '../support/database'
import { csvOf, line } from '../support/elder-file'
import { newWorld, serveWorld, type World } from '../support/world'
import { everythingWritten, newSecrets } from '../support/written'

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

  const exported = await everythingExported(world, ask, staff)
  const texts = [...(await everythingWritten(world)), ...exported, Buffer.from(lines.join('\n'))]

  expect(lines.some((line) => line.includes('有人要送您积分') || line.includes('有老人求助'))).toBe(true)
  const wrapped = world.keys.suite === 'sm' ? 'k2.a.' : 'k1.a.'
  expect(texts.filter((text) => text.includes(wrapped)).length).toBeGreaterThan(provider() === 'sqlite' ? 0 : 2)
  expect(exported.length).toBeGreaterThan(4)
  for (const form of ['utf8', 'hex', 'base64', 'base64url'] as const)
    for (const before of ['', '1', '12'])
      for (const one of [first?.name, first?.phone, first?.idNumber])
        expect(secret.foundIn(Buffer.from(Buffer.from(`${before}${one}，`).toString(form)))).toHaveLength(1)
  expect(texts.flatMap((text) => secret.foundIn(text))).toEqual([])

  // and it would be seen if there were one
  await world.db.message.updateMany({ data: { reason: `打不通 ${first?.phone}` } })
  await world.db.notice.updateMany({ data: { body: `${first?.name}，您好` } })
  const careless = await everythingWritten(world)
  expect(new Set(careless.flatMap((text) => secret.foundIn(text)))).toEqual(new Set([first?.phone, first?.name]))
}, 300_000)

const secret = newSecrets(people.flatMap(({ name, phone, idNumber }) => [name, phone, idNumber]))

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

const EXPORTS = ['elders', 'members', 'staff', 'plates', 'transactions', 'operations'].map(
  (one) => `/exports/${one}?format=csv`,
)

/** What leaves the house by itself or for the asking, masked: lists of a desk, the dashboard, the archive of the books. */
async function everythingExported({ db, config, clock, parts }: World, ask: Ask, staff: Actor): Promise<Buffer[]> {
  const files: Buffer[] = []
  for (const path of EXPORTS) {
    const { status, body } = await ask<string>(staff, 'GET', path)
    expect([path, status]).toEqual([path, 200])
    files.push(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)))
  }
  const archive = join(folder, randomUUID())
  await signCheckpoints(parts, clock.now)
  await exportArchive(db, config.log, archive, clock.now)
  return [...files, ...readdirSync(archive).map((name) => readFileSync(join(archive, name)))]
}

const withNewKek = (keys: Keys): Keys => ({ ...keys, kek: [{ id: 'b', key: randomBytes(32) }, ...keys.kek] })

test('a new key-encryption key wraps every person’s key anew in the background, and everybody stays readable all the time', async () => {
  const world = await newWorld()
  const ids = await world.db.$transaction((tx) => addPersons(tx, world.keys, people.slice(0, 520), world.clock.now))
  const operator = await world.staff('systemAdmin', world.places.county)
  const rotated = withNewKek(world.keys)
  const all = (await countKeys(world.db))[0]?.keys as number
  expect(await keyProgress(world.db, rotated)).toMatchObject({ kekId: 'b', keys: all, waiting: all })

  const desk = async () => {
    world.parts.config = { ...world.config, keys: rotated }
    const { ask } = await serveWorld(world)
    return (await ask<{ keys: number; waiting: number }>(operator, 'GET', '/keys/progress')).body
  }
  await rotateKeys(world.db, rotated, { pages: 1 })
  expect(await desk()).toEqual({ suite: world.keys.suite, kekId: 'b', keys: all, waiting: all - 500 })

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
