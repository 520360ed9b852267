import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, expect, test, vi } from 'vitest'
import { closeAlarm, openAlarm } from '../../server/alarm/alarm'
import { keyCommands } from '../../server/cli/key-commands'
import { inviteProxy, readAuthorisation } from '../../server/elder/invitation'
import { JOBS } from '../../server/jobs/list'
import { showPaper } from '../../server/paper/list'
import { attachPicture, readPicture } from '../../server/paper/picture'
import { askForOwn, decideRequest, myRequests } from '../../server/person/requests'
import { auditAll } from '../../server/proof/audit'
import { signCheckpoints } from '../../server/proof/keep'
import { longestSetting } from '../../server/region/settings'
import { recordCall } from '../../server/visit/call'
import { explain } from '../../server/visit/explain'
import { atDoor } from '../support/door'
import { unguard } from '../support/forge'
import { refusal } from '../support/refusal'
import { newWorld, SIMPLE, type World } from '../support/world'

const folder = mkdtempSync(join(tmpdir(), 'mulin-forget-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (world: World, kind: string) => JOBS.find((one) => one.kind === kind)?.run(world.parts, world.clock.now)

test('what is kept for a time only goes when its time is over, and not a day before', async () => {
  const world = await newWorld()
  const { db, keys, places, programmeId, clock } = world
  const helper = await world.member()
  const [village, town] = [await world.staff('villageStaff'), await world.staff('townStaff', places.town)]
  const wish = { id: randomUUID(), kind: 'correct' as const, text: '电话换了' }
  await askForOwn(db, keys, helper.actor, wish, clock.now)
  await decideRequest(db, town, wish.id, { outcome: 'done', answer: '已改' }, clock.now)
  await db.idempotency.create({
    data: { key: 'old', personId: helper.personId, verb: 'x', requestHash: '', answer: '{}', recordedAt: clock.now },
  })
  const draft = async (state: string) =>
    db.schemeDraft.create({
      data: {
        ...{ id: randomUUID(), programmeId, regionId: places.county.id, regionPath: places.county.path },
        ...{ validFrom: '2027-01-01', document: JSON.stringify(SIMPLE), state, changedAt: clock.now },
        ...{
          changedByPersonId: village.personId,
          submittedByPersonId: state === 'submitted' ? village.personId : null,
        },
      },
    })
  for (const state of ['draft', 'withdrawn', 'submitted']) await draft(state)
  const elder = await world.elder()
  const screen = async (visitId: string | null) => {
    const { regionId, regionPath, countyId } = elder
    const id = randomUUID().slice(0, 11)
    const times = { openedAt: clock.now, expiresAt: clock.now, closedAt: clock.now }
    await db.rotatingSession.create({
      data: {
        id,
        kind: 'elder',
        elderId: elder.id,
        ...{ elderIds: JSON.stringify([elder.id]), title: '' },
        regionId,
        regionPath,
        countyId,
        openedByPersonId: elder.personId,
        ...times,
      },
    })
    await db.rotatingUse.create({
      data: { sessionId: id, memberId: helper.id, phase: 'in', usedAt: clock.now, visitId },
    })
  }
  await screen(null)
  await screen(randomUUID())
  const left = async () => ({
    words: (await myRequests(db, keys, helper.actor))[0]?.text,
    answers: await db.idempotency.count({ where: { key: 'old' } }),
    drafts: (await db.schemeDraft.findMany({ orderBy: { state: 'asc' } })).map(({ state }) => state),
    screens: await db.rotatingSession.count(),
  })
  const all = async () => {
    for (const kind of ['forgetRequests', 'forgetAnswers', 'forgetDrafts', 'forgetScreens']) await run(world, kind)
    return left()
  }

  world.later(29 * 86_400)
  expect(await all()).toEqual({
    words: '电话换了',
    answers: 1,
    drafts: ['draft', 'submitted', 'withdrawn'],
    screens: 2,
  })
  world.later(2 * 86_400)
  expect(await all()).toMatchObject({ answers: 1, screens: 1 })
  world.later(60 * 86_400)
  expect(await all()).toMatchObject({ answers: 0, drafts: ['draft', 'submitted', 'withdrawn'] })
  world.later(90 * 86_400)
  expect(await all()).toMatchObject({ words: '电话换了', drafts: ['submitted'] })
  world.later(185 * 86_400)
  expect(await all()).toMatchObject({ words: '', screens: 1 })
  expect((await myRequests(db, keys, helper.actor))[0]).toMatchObject({ state: 'done', answer: '已改' })
})

test('photographs of papers go when the county’s time is over; their hashes stay and verify, and the log says that they went', async () => {
  const world = await newWorld()
  const { db, keys, places, clock } = world
  const [clerk, town] = [await world.staff('villageStaff'), await world.staff('townStaff', places.town)]
  const image = (
    await sharp({ create: { width: 9, height: 9, channels: 3, background: '#884' } })
      .png()
      .toBuffer()
  ).toString('base64')
  const elder = await world.elder()
  const { id: invitationId } = await inviteProxy(
    db,
    keys,
    clerk,
    { id: randomUUID(), elderId: elder.id, relation: '女儿', scopes: ['confirm'], paper: image, validTo: '2026-12-31' },
    clock.now,
  )
  const batch = async (state: string) => {
    const id = randomUUID()
    const entered = { state: 'waiting', enteredByPersonId: clerk.personId, enteredAt: clock.now, month: '2026-11' }
    const place = { regionId: places.village.id, regionPath: places.village.path }
    await db.paperBatch.create({ data: { id, ...place, source: 'form', reason: '没有信号', lines: 1, ...entered } })
    const picture = await attachPicture(db, keys, clerk, id, { id: randomUUID(), image }, clock.now)
    if (state !== 'waiting')
      await db.paperBatch.update({
        where: { id },
        data: { state, decidedByPersonId: town.personId, decidedAt: clock.now },
      })
    return { id, pictureId: picture.id }
  }
  const [approved, waiting] = [await batch('approved'), await batch('waiting')]
  await db.setting.create({
    data: {
      ...{ id: randomUUID(), regionId: places.county.id, key: 'pictureKeepDays', version: 1, validFrom: '2026-01-01' },
      ...{ value: '200', byPersonId: randomUUID(), recordedAt: clock.now },
    },
  })
  await signCheckpoints(world.parts, clock.now)
  const read = (id: string) => refusal(readPicture(db, keys, town, id, clock.now))
  const authorisation = () => refusal(readAuthorisation(db, keys, clerk, invitationId, clock.now))

  world.later(199 * 86_400)
  await run(world, 'forgetPictures')
  expect([await read(approved.pictureId), await authorisation()]).toEqual([null, null])

  world.later(2 * 86_400)
  await run(world, 'forgetPictures')
  expect([await read(approved.pictureId), await read(waiting.pictureId), await authorisation()]).toEqual([
    'PICTURE_FORGOTTEN',
    null,
    null,
  ])
  expect(await showPaper(db, keys, town, approved.id, world.clock.now)).toMatchObject({
    pictures: 1,
    pictureIds: [],
    forgottenPictures: 1,
  })

  world.later(40 * 86_400)
  await run(world, 'forgetPictures')
  await run(world, 'forgetPictures')
  expect(await authorisation()).toBe('PICTURE_FORGOTTEN')
  const rows = await db.operationLog.findMany({ where: { action: 'forgetPicture' }, orderBy: { at: 'asc' } })
  const picture = await db.paperPicture.findUniqueOrThrow({ where: { id: approved.pictureId } })
  expect(rows).toMatchObject([
    { resource: 'paper', resourceId: approved.id, personId: 'clock', after: JSON.stringify({ hash: picture.hash }) },
    { resource: 'elder', resourceId: elder.id, personId: 'clock' },
  ])
  expect(picture).toMatchObject({ sealed: null, hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect((await auditAll(db, world.config.log)).problem).toBeNull()
  for (const data of [{ sealed: 'x' }, { hash: 'x' }])
    await expect(db.paperPicture.update({ where: { id: waiting.pictureId }, data })).rejects.toThrow()
})

test('a photograph put in the place of another is not shown', async () => {
  const world = await newWorld()
  const { db, keys, places, clock } = world
  const [clerk, town] = [await world.staff('villageStaff'), await world.staff('townStaff', places.town)]
  const id = randomUUID()
  const entered = { state: 'waiting', enteredByPersonId: clerk.personId, enteredAt: clock.now, month: '2026-11' }
  const place = { regionId: places.village.id, regionPath: places.village.path }
  await db.paperBatch.create({ data: { id, ...place, source: 'form', reason: '没有信号', lines: 1, ...entered } })
  const [one, other] = await Promise.all(
    ['#884', '#488'].map(async (background) => {
      const image = await sharp({ create: { width: 9, height: 9, channels: 3, background } })
        .png()
        .toBuffer()
      return attachPicture(db, keys, clerk, id, { id: randomUUID(), image: image.toString('base64') }, clock.now)
    }),
  )
  const { sealed } = await db.paperPicture.findUniqueOrThrow({ where: { id: other?.id ?? '' } })
  await unguard(db, ['paper_picture'])
  await db.paperPicture.update({ where: { id: one?.id ?? '' }, data: { sealed } })
  expect(await refusal(readPicture(db, keys, town, one?.id ?? '', clock.now))).toBe('NOT_FOUND')
  expect(await refusal(readPicture(db, keys, town, other?.id ?? '', clock.now))).toBe(null)
})

test('a county keeps something shorter, and of two the one that wants it longer is followed', async () => {
  const world = await newWorld()
  const { db, places, clock } = world
  const set = (regionId: string, value: number, version = 1) =>
    db.setting.create({
      data: {
        ...{ id: randomUUID(), regionId, key: 'noticeKeepDays', version, validFrom: '2026-01-01' },
        ...{ value: JSON.stringify(value), byPersonId: randomUUID(), recordedAt: clock.now },
      },
    })
  const days = () => longestSetting(db, 'noticeKeepDays', '2026-11-22')
  expect(await days()).toBe(400)
  await set(places.county.id, 365)
  await set(places.county.id, 200, 2)
  expect(await days()).toBe(200)
  await set(places.otherCounty.id, 250)
  expect(await days()).toBe(250)
  expect(await longestSetting(db, 'noticeKeepDays', '2025-12-31')).toBe(400)
})

test('backups of the keys go after the days the setting says, by the time in their names, and nothing else in the folder', async () => {
  const world = await newWorld()
  await world.person()
  const backup = keyCommands.find(({ name }) => name === 'person-keys backup')
  const day = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().replace(/[:.]/g, '')
  const names = [34, 36, 400].map((days) => `keys-${day(days)}.ndjson`)
  for (const name of [...names, 'keys-notes.ndjson', 'mulin.dump']) writeFileSync(join(folder, name), '')
  vi.stubEnv('DATABASE_URL', world.databaseUrl)
  vi.spyOn(console, 'log').mockImplementation(() => {})
  try {
    expect(await backup?.run({ positionals: [folder], values: {}, json: true })).toBe(0)
  } finally {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  }
  const kept = readdirSync(folder)
  expect(kept).toHaveLength(4)
  expect(kept).toEqual(expect.arrayContaining([names[0], 'keys-notes.ndjson', 'mulin.dump']))
})

test('what somebody wrote in own words goes when the county’s time is over; what was decided stays, and all of it verifies', async () => {
  const world = await newWorld()
  const { db, clock, places } = world
  const door = await atDoor(world)
  const visitId = await door.served(5)
  const town = await world.staff('townStaff', places.town)
  const said = { id: randomUUID(), code: 'E04' as const, reasonCode: 'quick' as const, note: '只送了一袋米' }
  await explain(db, door.helper.actor, visitId, said, clock.now)
  const call = { id: randomUUID(), elderId: door.elder.id, reached: true, answer: 'yes' as const, note: '女儿接的电话' }
  await recordCall(db, town, visitId, call, clock.now)
  const alarm = { id: randomUUID(), elderId: door.elder.id, words: '在厨房摔了一跤' }
  await openAlarm(db, town, alarm, clock.now)
  await closeAlarm(db, town, alarm.id, { id: randomUUID(), outcome: '送去了卫生院' }, clock.now)
  const words = ['只送了一袋米', '女儿接的电话', '在厨房摔了一跤', '送去了卫生院']
  const left = async () => {
    const rows = [
      await db.callBack.findMany(),
      await db.helperNote.findMany(),
      await db.elderEvent.findMany(),
      await db.alarm.findMany(),
    ]
    return words.filter((one) => JSON.stringify(rows).includes(one))
  }
  await signCheckpoints(world.parts, clock.now)
  await db.setting.create({
    data: {
      ...{ id: randomUUID(), regionId: places.county.id, key: 'noteKeepDays', version: 1, validFrom: '2026-01-01' },
      ...{ value: '200', byPersonId: randomUUID(), recordedAt: clock.now },
    },
  })
  world.later(199 * 86_400)
  await run(world, 'forgetNotes')
  expect(await left()).toEqual(words)
  world.later(2 * 86_400)
  await run(world, 'forgetNotes')
  expect(await left()).toEqual([])
  expect(await db.callBack.findFirst()).toMatchObject({ answer: 'yes', note: null })
  expect(await db.helperNote.findFirst()).toMatchObject({ reasonCode: 'quick', note: null })
  expect((await auditAll(db, world.config.log)).problem).toBeNull()
  // nothing but that: neither another note in its place nor another answer
  await expect(db.callBack.updateMany({ data: { note: '换一句' } })).rejects.toThrow()
  await expect(db.callBack.updateMany({ data: { satisfaction: 5 } })).rejects.toThrow()
})
