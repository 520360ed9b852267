import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { mintPlateToken, newCodeId, readPlateToken } from '../../server/core/code-tokens'
import { countBatch, listBatches, loseBatch } from '../../server/plate/batch'
import { issuePlates, replacePlate, setBedElder } from '../../server/plate/issue'
import { printSheet } from '../../server/plate/print'
import { findPublicPlate } from '../../server/plate/public'
import { findPlate, tokenOfPlate } from '../../server/plate/queries'
import { readScan } from '../../server/plate/scan'
import { times } from '../support/long'
import { refusal } from '../support/refusal'
import { newWorld, serveWorld, type World } from '../support/world'

let world: World
let clerk: Awaited<ReturnType<World['staff']>>
let other: Awaited<ReturnType<World['staff']>>
beforeAll(async () => {
  world = await newWorld()
  clerk = await world.staff('townStaff', world.places.town)
  other = await world.staff('villageStaff')
})

async function house(name: string) {
  const { village } = world.places
  return world.db.organisation.create({
    data: {
      ...{ id: randomUUID(), kind: 'centre', regionId: village.id, regionPath: village.path, name },
      ...{ countyId: village.countyId as string, code: '', address: '村东头', phone: '', openingHours: '8:00–17:00' },
      ...{ needs: '', active: true, source: 'desk', byPersonId: clerk.personId, recordedAt: world.clock.now },
    },
  })
}

type Plates = Parameters<typeof issuePlates>[3]['plates']
async function made(plates: Plates) {
  const batchId = randomUUID()
  const { ids } = await issuePlates(world.db, world.keys, clerk, { batchId, plates }, world.clock.now)
  return { batchId, ids }
}

async function codeOf(plateId: string): Promise<string> {
  return tokenOfPlate(world.keys, await world.db.plate.findUniqueOrThrow({ where: { id: plateId } })) as string
}

const scanned = async (code: string) =>
  readScan(world.db, world.keys, (await world.member()).actor, code, world.clock.now)

test('a bed’s plate opens the door of who lies there now, and stays when another elder comes', async () => {
  const { db } = world
  const home = await house('北庄敬老院')
  const [first, second] = [await world.elder({ name: '王秀英' }), await world.elder({ name: '李桂兰' })]
  const { ids } = await made([
    { kind: 'bed', organisationId: home.id, label: '1 床', elderId: first.id },
    { kind: 'bed', organisationId: home.id, label: '2 床' },
  ])
  const [one = '', two = ''] = ids
  expect(await scanned(await codeOf(one))).toMatchObject({ kind: 'door', elders: [{ maskedName: '王*英' }] })
  expect(await scanned(await codeOf(two))).toMatchObject({
    kind: 'unknown',
    sentence: expect.stringContaining('没有登记老人'),
  })
  await setBedElder(db, clerk, two, first.id, world.clock.now)
  await setBedElder(db, clerk, one, second.id, world.clock.now)
  expect(await scanned(await codeOf(one))).toMatchObject({ kind: 'door', elders: [{ maskedName: '李*兰' }] })
  expect(await scanned(await codeOf(two))).toMatchObject({ kind: 'door', elders: [{ maskedName: '王*英' }] })
  await setBedElder(db, clerk, one, null, world.clock.now)
  expect((await db.plate.findUniqueOrThrow({ where: { id: one } })).elderId).toBeNull()
  const stranger = await world.staff('villageStaff', world.places.village2)
  expect(await refusal(setBedElder(db, stranger, one, second.id, world.clock.now))).toBe('NOT_FOUND')
  const door = await world.plate(second.id)
  expect(await refusal(setBedElder(db, clerk, door.id, first.id, world.clock.now))).toBe('PLATE_KIND')
})

test('a site’s plate says which place it is; the same bed or site printed anew ends the old one', async () => {
  const { db, keys, clock } = world
  const home = await house('北庄互助点')
  const first = await made([
    { kind: 'site', organisationId: home.id, label: '门口' },
    { kind: 'site', organisationId: home.id, label: '活动室' },
    { kind: 'bed', organisationId: home.id, label: '门口' },
  ])
  const again = await made([{ kind: 'site', organisationId: home.id, label: '门口' }])
  const states = await Promise.all(first.ids.map(async (id) => (await findPlate(db, keys, await codeOf(id)))?.state))
  expect(states).toEqual(['revoked', 'inForce', 'inForce'])
  expect(await scanned(await codeOf(again.ids[0] ?? ''))).toMatchObject({
    ...{ kind: 'door', elders: [] },
    site: {
      id: home.id,
      name: '北庄互助点',
      label: '门口',
      address: '村东头',
      openingHours: '8:00–17:00',
      hasPoint: false,
    },
  })
  const next = await replacePlate(db, keys, clerk, again.ids[0] ?? '', { batchId: randomUUID() }, clock.now)
  expect(await db.plate.findUniqueOrThrow({ where: { id: next.id } })).toMatchObject({
    ...{ kind: 'site', organisationId: home.id, label: '门口', revokedAt: null },
  })
  const twice: Plates = [1, 2].map(() => ({ kind: 'site' as const, organisationId: home.id }))
  expect(await refusal(made(twice))).toBe('BAD_INPUT')
  const far = await world.staff('villageStaff', world.places.village2)
  const foreign = { batchId: randomUUID(), plates: [{ kind: 'site' as const, organisationId: home.id }] }
  expect(await refusal(issuePlates(db, keys, far, foreign, clock.now))).toBe('NOT_FOUND')
})

test('a batch is printed, counted by somebody else, and when it is lost all of it is out of use at once', async () => {
  const { db, keys, clock } = world
  const elders = await Promise.all([world.elder(), world.elder(), world.elder()])
  const { batchId, ids } = await made(elders.map(({ id }) => ({ kind: 'card' as const, elderId: id })))
  const shown = async () => (await listBatches(db, keys, other, { limit: 50 })).items.find((one) => one.id === batchId)
  expect(await shown()).toMatchObject({ plates: 3, inForce: 3, state: 'made', regionName: '北庄村', issuedBy: '孙*' })
  await printSheet(db, keys, 'https://mulin.example', clerk, ids.join(','), clock.now)
  expect(await shown()).toMatchObject({ prints: 1, state: 'printed' })
  const count = { id: randomUUID(), counted: 2, note: '一张裁坏了' }
  expect(await refusal(countBatch(db, clerk, batchId, count, clock.now))).toBe('BATCH_OWN')
  await countBatch(db, other, batchId, count, clock.now)
  expect(await shown()).toMatchObject({ counted: 2, state: 'short', countNote: '一张裁坏了' })
  await replacePlate(db, keys, clerk, ids[0] ?? '', { batchId: randomUUID() }, clock.now)
  expect(await shown()).toMatchObject({ inForce: 2 })

  const far = await world.staff('villageStaff', world.places.village2)
  expect(await refusal(loseBatch(db, far, batchId, '快递丢了', clock.now))).toBe('NOT_FOUND')
  await Promise.all([1, 2].map(() => loseBatch(db, other, batchId, '快递丢了', clock.now)))
  expect(await shown()).toMatchObject({ inForce: 0, state: 'lost', lostReason: '快递丢了' })
  expect(await db.operationLog.count({ where: { action: 'loseBatch', resourceId: batchId } })).toBe(1)
  for (const id of ids) expect((await findPlate(db, keys, await codeOf(id)))?.state).toBe('revoked')
  expect(await refusal(countBatch(db, other, batchId, { ...count, id: randomUUID() }, clock.now))).toBe('BATCH_LOST')
  expect((await listBatches(db, keys, far, { limit: 50 })).items.map(({ id }) => id)).not.toContain(batchId)
})

test('an ordinary camera learns who runs it and the hotline, whatever the plate hangs on, and nothing else', async () => {
  const { db, keys, clock } = world
  const home = await house('北庄日间照料')
  const elder = await world.elder({ name: '于守田' })
  const { ids } = await made([
    { kind: 'bed', organisationId: home.id, label: '9 床', elderId: elder.id },
    { kind: 'site', organisationId: home.id },
    { kind: 'card', elderId: elder.id },
  ])
  for (const id of ids) {
    const view = await findPublicPlate(db, keys, await codeOf(id), clock.now)
    expect(view).toEqual({
      ...{ state: 'inForce', agencyName: '睦邻互助服务中心', hotline: '12349' },
      programmeName: expect.any(String),
    })
  }
  const { base } = await serveWorld(world)
  const page = await fetch(`${base}/d/${await codeOf(ids[0] ?? '')}`, { redirect: 'manual' })
  expect([page.status, page.headers.get('location')]).toEqual([302, expect.stringContaining('/#/plate/code?q=')])
})

test('of random tokens none is accepted: neither made up, nor of another key, nor of another kind', async () => {
  const { db, keys } = world
  const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  const seed = Math.floor(Math.random() * 2 ** 31)
  let state = seed
  const roll = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 8
  }
  const elder = await world.elder()
  const plate = await world.plate(elder.id)
  const real = plate.code.slice(-31)
  const tokens = Array.from({ length: times(10_000, 1_000_000) }, (_, no) => {
    const tail = Array.from({ length: no % 2 === 0 ? 28 : 17 }, () => letters[roll() % 62]).join('')
    // half of them name a plate that is there
    return no % 2 === 0 ? `P1${keys.code[0].id}${tail}` : `${real.slice(0, 14)}${tail}`
  })
  for (let from = 0; from < tokens.length; from += 500) {
    const some = tokens.slice(from, from + 500)
    const found = await Promise.all(some.filter((_, no) => no % 100 === 0).map((token) => findPlate(db, keys, token)))
    expect(
      found.filter((one) => one !== null),
      `seed ${seed}`,
    ).toEqual([])
  }
  const accepted = tokens.filter((token) => ['d', 'e'].some((kind) => readPlateToken(keys.code, kind as 'd', token)))
  expect(accepted, `seed ${seed}`).toEqual([])
  const foreign = mintPlateToken([{ id: keys.code[0].id, key: new Uint8Array(32) }], 'd', newCodeId())
  expect([await findPlate(db, keys, foreign), await findPlate(db, keys, `/e/${real}`)]).toEqual([null, null])
  expect((await findPlate(db, keys, real))?.state).toBe('inForce')
}, 600_000)
