// What the server writes down while it works may be read by whoever runs the machine.
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { newLog } from '../../server/core/log'
import { newWorld, serveWorld } from '../support/world'

const PERSON = { name: '欧阳海棠', idNumber: '371003195001010013', phone: '13911112222' }
const OTHER = '欧阳海燕'
const ADDRESS = '北庄村东巷 77号'
const RELATIVE = { name: '司马青云', phone: '13733334444' }
const PLACE = { lat: 37.065123, lon: 122.057891, accuracyMetres: 12, datum: 'WGS-84' }

/** Works like a standard output that somebody reads afterwards. */
function paper() {
  let text = ''
  return {
    write: (line: string) => {
      text += line
    },
    text: () => text,
  }
}

test('what is logged of an enrolment, a search, a visit, a refusal and a bug names nobody, no place and no token', async () => {
  const written = paper()
  const world = await newWorld({ log: newLog('info', written) })
  const { ask, base } = await serveWorld(world)
  const staff = await world.staff('countyAdmin', world.places.county)
  const helper = await world.member({ name: '诸葛明月' })
  const elder = await world.elder({ name: '上官如意' })
  const plate = await world.plate(elder.id)
  const enrolment = {
    id: randomUUID(),
    regionId: world.places.village.id,
    person: { ...PERSON, identityKind: 'idCard' },
    address: ADDRESS,
    ownPhone: true,
    categories: [],
    contacts: [{ id: randomUUID(), relation: '女儿', ...RELATIVE }],
    consents: ['service', 'identity', 'health'].map((kind) => ({ kind, textVersion: '1', how: 'paper' })),
  }
  const visitId = randomUUID()
  const checkIn = {
    id: visitId,
    code: plate.code,
    elderIds: [elder.id],
    serviceId: world.service.id,
    place: PLACE,
    deviceAt: world.clock.now.toISOString(),
  }

  expect((await ask(staff, 'POST', '/elders', enrolment)).status).toBe(200)
  expect((await ask(staff, 'GET', `/elders?q=${encodeURIComponent(PERSON.name)}`)).status).toBe(200)
  expect((await ask(helper.actor, 'POST', '/visits', checkIn)).status).toBe(201)
  expect((await ask(staff, 'POST', '/elders', { ...enrolment, id: randomUUID(), address: '' })).status).toBe(400)
  await fetch(`${base}/api/v1/nowhere/${encodeURIComponent(PERSON.name)}?phone=${PERSON.phone}`)
  // A bug whose message quotes the values of its statement.
  await world.db.$executeRawUnsafe('ALTER TABLE "consent" RENAME TO "consent_gone"')
  const again = {
    ...enrolment,
    id: randomUUID(),
    person: { name: OTHER, phone: PERSON.phone, birthDate: '1950-01-01', sex: 'female', identityKind: 'none' },
    contacts: [],
  }
  const broken = await ask(staff, 'POST', '/elders', again)
  expect(broken.status, JSON.stringify(broken.body)).toBe(500)

  const text = written.text()
  const lines = text.trim().split('\n')
  expect(lines.length).toBeGreaterThanOrEqual(7)
  expect(text).toContain('"bug"')
  const secrets = [
    ...[...Object.values(PERSON), ...Object.values(RELATIVE), OTHER, ADDRESS, '东巷'],
    ...['诸葛明月', '上官如意', encodeURIComponent(PERSON.name), '37.065', '122.057', plate.code, 'eyJ', 'Bearer'],
  ]
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
  const allowed = new Set('level,time,requestId,actor,route,status,ms,bug,name,code,at'.split(','))
  expect(lines.flatMap((line) => Object.keys(JSON.parse(line))).filter((key) => !allowed.has(key))).toEqual([])
})

test('a refused login, right and form are each in the log by their code, with who asked', async () => {
  const written = paper()
  const world = await newWorld({ log: newLog('info', written) })
  const { ask } = await serveWorld(world)
  const clerk = await world.staff('villageStaff')
  await ask(null, 'POST', '/session/desk', { code: '12345678' })
  await ask(clerk, 'GET', '/jobs')
  await ask(clerk, 'POST', '/elders', { id: 'none' })
  const lines = written
    .text()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { route: string; status: number; code?: string; actor?: string })
  expect(lines.map(({ route, code, actor }) => [route, code, actor])).toEqual([
    ['POST /session/desk', 'LOGIN_CODE_WRONG', undefined],
    ['GET /jobs', 'NOT_ALLOWED', clerk.personId],
    ['POST /elders', expect.stringMatching(/^[A-Z_]+$/), clerk.personId],
  ])
})
