import { randomUUID } from 'node:crypto'
import { PDFiumLibrary } from '@hyzyla/pdfium'
import { expect, test } from 'vitest'
import { mintPlateToken } from '../../server/core/code-tokens'
import { exitElder } from '../../server/elder/exit'
import { issuePlates, replacePlate } from '../../server/plate/issue'
import { findPlateViews, listPlates } from '../../server/plate/list'
import { printSheet } from '../../server/plate/print'
import { findPublicPlate } from '../../server/plate/public'
import { addressOfPlate, findPlate, tokenOfPlate } from '../../server/plate/queries'
import { revokePlate } from '../../server/plate/revoke'
import { setSetting } from '../../server/region/set'
import { refusal } from '../support/refusal'
import { newWorld, TODAY, type World } from '../support/world'

/** The words on the pages of a PDF. */
async function wordsOf(pdf: Uint8Array): Promise<string> {
  const library = await PDFiumLibrary.init()
  try {
    const document = await library.loadDocument(pdf)
    return [...document.pages()].map((page) => page.getText()).join('\n')
  } finally {
    library.destroy()
  }
}

const batch = (...plates: { elderId: string; kind: 'door' | 'card' }[]) => ({ batchId: randomUUID(), plates })
const issue = async (
  { db, keys, clock }: World,
  actor: Awaited<ReturnType<World['staff']>>,
  ...plates: { elderId: string; kind: 'door' | 'card' }[]
) => (await issuePlates(db, keys, actor, batch(...plates), clock.now)).ids

test('a batch is issued once, with a number for each, and is found by address, token and number', async () => {
  const world = await newWorld()
  const { db, keys, clock } = world
  const clerk = await world.staff('villageStaff')
  const [one, other] = [await world.elder({ name: '王秀英' }), await world.elder({ name: '于得水' })]
  const input = batch(
    { elderId: one.id, kind: 'door' },
    { elderId: one.id, kind: 'card' },
    { elderId: other.id, kind: 'door' },
  )

  const { ids } = await issuePlates(db, keys, clerk, input, clock.now)

  expect(await issuePlates(db, keys, clerk, input, clock.now)).toEqual({ ids })
  const views = await findPlateViews(db, keys, clerk, ids)
  expect(views).toMatchObject([
    { kind: 'door', elderId: one.id, elderMaskedName: '王*英', regionName: '北庄村', revokedAt: null },
    { kind: 'card', elderId: one.id },
    { kind: 'door', elderId: other.id, elderMaskedName: '于*水' },
  ])
  expect(new Set(views.map((view) => view.serial)).size).toBe(3)
  expect(JSON.stringify(views)).not.toContain('P1')
  for (const { id, kind, serial } of views) {
    const token = tokenOfPlate(keys, await db.plate.findUniqueOrThrow({ where: { id } })) as string
    for (const code of [
      addressOfPlate('https://mulin.example', kind, token),
      token,
      serial,
      serial.toLowerCase().replaceAll('-', ''),
    ]) {
      expect((await findPlate(db, keys, code))?.plate.id, code).toBe(id)
    }
  }
  expect((await listPlates(db, keys, clerk, { limit: 50, batchId: input.batchId })).items).toHaveLength(3)
})

test('a door’s token on a card’s address is none of ours, nor is a forged one or one of another key', async () => {
  const world = await newWorld()
  const { db, keys } = world
  const clerk = await world.staff('villageStaff')
  const [id = ''] = await issue(world, clerk, { elderId: (await world.elder()).id, kind: 'door' })
  const token = mintPlateToken(keys.code, 'd', id)
  const otherKey = mintPlateToken([{ id: keys.code[0].id, key: Buffer.alloc(32, 7) }], 'd', id)

  expect(await findPlate(db, keys, `https://mulin.example/d/${token}`)).not.toBeNull()
  for (const code of [
    `https://mulin.example/e/${token}`,
    mintPlateToken(keys.code, 'e', id),
    otherKey,
    token.slice(0, -1),
    'https://example.com/',
    '',
    '22222222',
    '2222-2222-2222',
  ]) {
    expect(await findPlate(db, keys, code), code).toBeNull()
  }
})

test('a new plate of the same kind ends the old one; the other kind stays', async () => {
  const world = await newWorld()
  const { db } = world
  const clerk = await world.staff('villageStaff')
  const elder = await world.elder()
  const [door = '', card = ''] = await issue(
    world,
    clerk,
    { elderId: elder.id, kind: 'door' },
    { elderId: elder.id, kind: 'card' },
  )

  const [fresh = ''] = await issue(world, clerk, { elderId: elder.id, kind: 'door' })

  expect(await db.plate.findUniqueOrThrow({ where: { id: door } })).toMatchObject({
    replacedById: fresh,
    revokeReason: '换新牌',
    revokedByPersonId: clerk.personId,
  })
  expect(await db.plate.findUniqueOrThrow({ where: { id: card } })).toMatchObject({ revokedAt: null })
})

test('two who print for one door at once leave one plate in force', async () => {
  const world = await newWorld()
  const clerk = await world.staff('villageStaff')
  const elder = await world.elder()

  await Promise.all([1, 2, 3].map(() => issue(world, clerk, { elderId: elder.id, kind: 'door' })))

  expect(await world.db.plate.count({ where: { elderId: elder.id } })).toBe(3)
  expect(await world.db.plate.count({ where: { elderId: elder.id, revokedAt: null } })).toBe(1)
})

test('nobody issues for an elder of another village, one who is gone, or the same plate twice in a batch', async () => {
  const world = await newWorld()
  const { db, clock } = world
  const clerk = await world.staff('villageStaff')
  const [elder, gone, stranger] = [
    await world.elder(),
    await world.elder(),
    await world.elder({ place: world.places.village2 }),
  ]
  await exitElder(
    db,
    clerk,
    gone.id,
    { id: randomUUID(), kind: 'died', validFrom: TODAY, validTo: null, reason: '家属告知' },
    clock.now,
  )

  expect(await refusal(issue(world, clerk, { elderId: stranger.id, kind: 'door' }))).toBe('NOT_FOUND')
  expect(
    await refusal(issue(world, clerk, { elderId: elder.id, kind: 'door' }, { elderId: stranger.id, kind: 'door' })),
  ).toBe('NOT_FOUND')
  expect(await refusal(issue(world, clerk, { elderId: gone.id, kind: 'card' }))).toBe('ELDER_ENDED')
  expect(
    await refusal(issue(world, clerk, { elderId: elder.id, kind: 'card' }, { elderId: elder.id, kind: 'card' })),
  ).toBe('BAD_INPUT')
  expect(
    await refusal(issue(world, await world.staff('auditor', world.places.county), { elderId: elder.id, kind: 'door' })),
  ).toBe('NOT_FOUND')
  expect(await db.plate.count()).toBe(0)
})

test('a plate is revoked with its reason once; another reason comes too late', async () => {
  const world = await newWorld()
  const { db, keys, clock } = world
  const clerk = await world.staff('villageStaff')
  const { id, serial } = await world.plate((await world.elder()).id)

  await revokePlate(db, clerk, id, { reason: '被人拍照转发' }, clock.now)
  await revokePlate(db, clerk, id, { reason: '被人拍照转发' }, clock.now)

  expect((await findPlate(db, keys, serial))?.state).toBe('revoked')
  expect(await refusal(revokePlate(db, clerk, id, { reason: '丢失' }, clock.now))).toBe('PLATE_STATE')
  expect(
    await refusal(
      revokePlate(db, await world.staff('villageStaff', world.places.village2), id, { reason: '丢失' }, clock.now),
    ),
  ).toBe('NOT_FOUND')
  expect(await db.operationLog.count({ where: { action: 'revoke' } })).toBe(1)
})

test('replaced twice is replaced once; of two who replace at once one is refused', async () => {
  const world = await newWorld()
  const { db, keys, clock } = world
  const clerk = await world.staff('villageStaff')
  const old = await world.plate((await world.elder()).id)
  const press = { batchId: randomUUID() }

  const outcomes = await Promise.all(
    [press, press, { batchId: randomUUID() }].map((input) =>
      refusal(replacePlate(db, keys, clerk, old.id, input, clock.now)),
    ),
  )

  expect(
    outcomes.filter((one) => one === null).length,
    'the same press twice, or the other one',
  ).toBeGreaterThanOrEqual(1)
  expect(outcomes.filter((one) => one !== null).every((one) => one === 'PLATE_STATE')).toBe(true)
  const inForce = await db.plate.findMany({ where: { elderId: old.elderId, revokedAt: null } })
  expect(inForce).toHaveLength(1)
  expect(await db.plate.findUniqueOrThrow({ where: { id: old.id } })).toMatchObject({ replacedById: inForce[0]?.id })
})

test('the list holds the own regions’ plates, newest first, page by page', async () => {
  const world = await newWorld()
  const { db, keys, places } = world
  const clerk = await world.staff('villageStaff')
  for (let minute = 0; minute < 4; minute++) {
    world.at(`09:0${minute}`)
    await world.plate((await world.elder()).id)
  }
  await world.plate((await world.elder({ place: places.village2 })).id)

  const first = await listPlates(db, keys, clerk, { limit: 3 })
  const second = await listPlates(db, keys, clerk, { limit: 3, cursor: first.next as string })

  const issued = [...first.items, ...second.items].map((one) => one.issuedAt)
  expect(issued).toHaveLength(4)
  expect(issued).toEqual([...issued].sort().reverse())
  expect(second.next).toBeNull()
  expect((await listPlates(db, keys, clerk, { limit: 50, state: 'revoked' })).items).toEqual([])
  expect(
    await refusal(listPlates(db, keys, clerk, { limit: 3, cursor: Buffer.from('["x","y"]').toString('base64url') })),
  ).toBe('BAD_INPUT')
})

test('the sheet says who runs the programme where all its doors are, and never a name', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const admin = await world.staff('countyAdmin', places.county)
  for (const [place, hotline] of [
    [places.county, '0631-8451234'],
    [places.town, '0631-8455678'],
  ] as const) {
    await setSetting(
      db,
      admin,
      place.id,
      { id: randomUUID(), key: 'hotline', value: hotline, validFrom: TODAY },
      clock.now,
    )
  }
  const [near, far] = [
    await world.plate((await world.elder({ name: '王秀英' })).id),
    await world.plate((await world.elder({ place: places.village3 })).id),
  ]
  const textOf = async (ids: string[]) =>
    wordsOf((await printSheet(db, keys, 'https://mulin.example', admin, ids.join(','), clock.now)).bytes)

  const [inTown, across] = [await textOf([near.id]), await textOf([near.id, far.id])]

  expect(inTown).toContain('0631-8455678')
  expect(inTown).toContain(near.serial)
  expect(across).toContain('0631-8451234')
  expect(inTown + across).not.toMatch(/王|秀|英|北庄村/)
  expect(await db.operationLog.count({ where: { action: 'print' } })).toBe(2)
})

test('a revoked plate is not printed again, nor one of another village', async () => {
  const world = await newWorld()
  const { db, keys, clock } = world
  const clerk = await world.staff('villageStaff')
  const [revoked, stranger] = [
    await world.plate((await world.elder()).id),
    await world.plate((await world.elder({ place: world.places.village2 })).id),
  ]
  await revokePlate(db, clerk, revoked.id, { reason: '丢失' }, clock.now)
  const print = (ids: string) => refusal(printSheet(db, keys, 'https://mulin.example', clerk, ids, clock.now))

  expect(await print(revoked.id)).toBe('PLATE_STATE')
  expect(await print(stranger.id)).toBe('NOT_FOUND')
  expect(await print(' , ')).toBe('REQUIRED')
})

test('any camera learns who runs a plate and whom to call, and nothing about the elder', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const admin = await world.staff('countyAdmin', places.county)
  await setSetting(
    db,
    admin,
    places.county.id,
    { id: randomUUID(), key: 'agencyName', value: '文登区睦邻互助服务中心', validFrom: TODAY },
    clock.now,
  )
  const plate = await world.plate((await world.elder()).id)
  const token = plate.code.slice(-31)

  expect(await findPublicPlate(db, keys, token, clock.now)).toEqual({
    state: 'inForce',
    agencyName: '文登区睦邻互助服务中心',
    hotline: '12349',
    programmeName: '睦邻互助',
  })
  await revokePlate(db, admin, plate.id, { reason: '丢失' }, clock.now)
  expect(await findPublicPlate(db, keys, token, clock.now)).toMatchObject({ state: 'revoked' })
  expect(await findPublicPlate(db, keys, 'unknown', clock.now)).toMatchObject({ state: 'unknown', hotline: '12349' })
})
