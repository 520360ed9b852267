import { beforeAll, expect, test } from 'vitest'
import { ROUTES } from '../../server/app'
import { sealForPerson } from '../../server/person/vault'
import { FIELD_CLASSES, needsClass } from '../../shared/person/classes'
import { can } from '../../shared/session/permissions'
import { type Records, recordsIn, SCOPE } from '../support/scope-table'
import { newWorld, serveWorld, type World } from '../support/world'

let world: World
let records: Records
let ask: Awaited<ReturnType<typeof serveWorld>>['ask']
beforeAll(async () => {
  world = await newWorld()
  records = await recordsIn(world)
  ask = (await serveWorld(world)).ask
  const { db, keys } = world
  for (const { personId } of [records.helper, records.elder])
    await db.person.update({
      where: { id: personId },
      data: { idNumberSealed: await sealForPerson(db, keys, personId, 'person', 'idNumber', '371003195001010013') },
    })
}, 120_000)

/** Names of all fields of a view, however deep. */
function fieldsOf(schema: unknown, found = new Set<string>(), seen = new Set<unknown>()): Set<string> {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return found
  seen.add(schema)
  const { shape } = schema as { shape?: Record<string, unknown> }
  if (shape !== undefined)
    for (const [name, inner] of Object.entries(shape)) {
      found.add(name)
      fieldsOf(inner, found, seen)
    }
  const { def } = schema as { def?: Record<string, unknown> }
  for (const inner of Object.values(def ?? {}))
    if (Array.isArray(inner)) for (const each of inner) fieldsOf(each, found, seen)
    else fieldsOf(inner, found, seen)
  return found
}

test('every field that says who or where somebody is has a class', () => {
  const fields = new Set(ROUTES.flatMap((one) => [...fieldsOf(one.view)]))
  expect(fields.size).toBeGreaterThan(300)
  const wanted = [...fields].filter(needsClass)
  expect(wanted).toContain('maskedIdNumber')
  expect(wanted.filter((field) => !Object.hasOwn(FIELD_CLASSES, field))).toEqual([])
})

/** Lists of colleagues, with their phones masked: a city reads these too. */
const OF_STAFF = ['GET /staff', 'GET /exports/staff']

test('no answer to a desk holds a name, phone or address in full, and none to a city what is of class C2', async () => {
  const { db } = world
  const elder = await db.elder.findUniqueOrThrow({ where: { id: records.elder.id }, include: { person: true } })
  expect(elder.person.birthDate).toBe('1944-03-08')
  // an ID number is its village, the birth date and four more: where the birth date is told, the mask must hide those four
  const full = ['王秀英', '北庄村12号', /199\d{8}/, /3710\d*\**0013/]
  const ofCity = [...full, '1944-03-08', /1\d{2}\*{4}\d{4}/]
  const told: string[] = []
  let looked = 0
  let masked = 0
  for (const role of can('elder.read')) {
    const somebody = await world.staff(role, role === 'cityAdmin' ? world.places.city : world.places.county)
    for (const route of ROUTES.filter((one) => one.method === 'GET')) {
      const name = `${route.method} ${route.path}`
      const row = SCOPE[name]
      if (row === undefined || row.about === 'own' || route.who === 'public') continue
      const { status, body } = await ask<unknown>(somebody, 'GET', row.path?.(records) ?? route.path)
      if (status !== 200) continue
      looked += 1
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      if (text.includes('3****************3')) masked += 1
      const found = (role === 'cityAdmin' && !OF_STAFF.includes(name) ? ofCity : full).filter(
        (one) => text.match(one) !== null,
      )
      if (found.length > 0) told.push(`${role} ${name}: ${found.join(' ')}`)
    }
  }
  expect(looked).toBeGreaterThan(150)
  expect(told).toEqual([])
  expect(masked).toBeGreaterThan(5)
}, 120_000)

test('whoever of the desk reads a birth date or what is left of an ID number is in the log', async () => {
  const { db } = world
  const auditor = await world.staff('countyAdmin', world.places.county)
  const unseen: string[] = []
  let logged = 0
  for (const route of ROUTES.filter((one) => one.method === 'GET')) {
    const name = `${route.method} ${route.path}`
    const row = SCOPE[name]
    if (row === undefined || row.about === 'own' || route.who === 'public') continue
    const before = await db.operationLog.count()
    const { status, body } = await ask<unknown>(auditor, 'GET', row.path?.(records) ?? route.path)
    if (status !== 200) continue
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    if (!/1944-03-08|1960-05-01|3\*{16}3/.test(text)) continue
    if ((await db.operationLog.count()) > before) logged += 1
    else unseen.push(name)
  }
  expect(unseen).toEqual([])
  expect(logged).toBeGreaterThan(1)
}, 120_000)
