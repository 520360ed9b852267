import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { tookPart } from '../../server/audit/policy'
import { issuanceAccount } from '../../server/ledger/accounts'
import { auditLedger } from '../../server/ledger/audit'
import { post } from '../../server/ledger/post'
import { accountOfPerson, accountsOfPersons } from '../../server/member/account'
import { findMyPoints } from '../../server/member/entries'
import { askMerge, decideMerge, listMerges } from '../../server/member/merge'
import { findMemberDetail, monthOfMembers } from '../../server/member/queries'
import { findVolunteerRecord } from '../../server/member/volunteer-record'
import { destroyKeyOf, erase } from '../../server/person/erase'
import { openPersons } from '../../server/person/vault'
import { listCoverageElders } from '../../server/requirement/elders'
import { countUnsigned, coverageDrift, rollCoverage } from '../../server/requirement/rollup'
import { newAuthenticate } from '../../server/session/authenticate'
import { startSession } from '../../server/session/start'
import { confirm } from '../../server/visit/confirm'
import { findOverlaps } from '../../server/visit/overlaps'
import { addSeconds, instantOf } from '../../shared/core/time'
import { type Life, type Need, writeLives } from '../requirement/lives'
import { refusal } from '../support/refusal'
import { newWorld, type World } from '../support/world'

const PHONE = '13655550001'

/** One woman enrolled twice as a helper, with points in both accounts; two clerks of her town. */
async function twice() {
  const world = await newWorld()
  const { db, clock, places, programmeId } = world
  const first = await world.member({ personId: await world.person({ name: '于芳', phone: PHONE }) })
  // with the same phone, name and birthday enrolling finds the first record: this one was changed to it later
  const secondId = await world.person({ name: '于芳', phone: '13655550002' })
  const { phoneIndex } = await db.person.findUniqueOrThrow({ where: { id: first.personId } })
  await db.person.update({ where: { id: secondId }, data: { phoneIndex } })
  const second = await world.member({ personId: secondId, place: places.village2 })
  const give = (personId: string, milliPoints: bigint) =>
    db.$transaction(async (tx) => {
      const accountId = await accountOfPerson(tx, personId, programmeId, clock.now)
      const id = randomUUID()
      const from = await issuanceAccount(tx, programmeId)
      await post(
        tx,
        [
          {
            ...{ id, programmeId, kind: 'GRANT', refType: 'test', refId: id, revision: 0, happenedAt: clock.now },
            ...{ byId: personId, explanation: {} },
            postings: [
              { accountId: from, milliPoints: -milliPoints },
              { accountId, milliPoints },
            ],
          },
        ],
        clock.now,
      )
      return accountId
    })
  await give(first.personId, 3000n)
  const goes = await give(second.personId, 2000n)
  const clerks = [await world.staff('townStaff', places.town), await world.staff('townStaff', places.town)] as const
  const pointsOf = async (personId: string) => {
    const { accountId } = await db.personAccount.findFirstOrThrow({ where: { personId } })
    return (await db.ledgerAccount.findUniqueOrThrow({ where: { id: accountId } })).postedMilliPoints
  }
  const ask = (more: object = {}) => ({
    ...{ id: randomUUID(), fromPersonId: second.personId, intoPersonId: first.personId, reason: '重复登记' },
    ...more,
  })
  return { world, first, second, goes, clerks, pointsOf, ask }
}

const visitOf = (world: World, helper: { id: string; personId: string }) => ({
  ...{ id: randomUUID(), memberId: helper.id, memberPersonId: helper.personId, serviceId: world.service.id },
  ...{ regionId: world.places.village.id, regionPath: world.places.village.path },
  ...{ countyId: world.places.county.id, channel: 'inPerson', nature: 'volunteer', state: 'inProgress' },
  ...{ checkInAt: world.clock.now, recordedAt: world.clock.now, day: '2026-11-22', month: '2026-11' },
  ...{ counted: false, tasksDone: '[]', flag: 'clean', silentFrom: world.clock.now },
})

test('two records with one phone and one name are listed to whoever has both in the own region', async () => {
  const { world, first, second, clerks } = await twice()
  const { db, keys, places } = world
  const pairs = (await listMerges(db, keys, clerks[0])).pairs
  expect(pairs.map(({ one, other }) => [one.personId, other.personId].sort())).toEqual([
    [first.personId, second.personId].sort(),
  ])
  expect(JSON.stringify(pairs)).not.toContain(PHONE)
  const elsewhere = await world.staff('townStaff', places.town2)
  expect((await listMerges(db, keys, elsewhere)).pairs).toEqual([])
})

test('two of the staff make one of them: points add up, nothing is lost or doubled, and the books are right', async () => {
  const { world, first, second, clerks, pointsOf, ask, goes } = await twice()
  const { db, clock, programmeId } = world
  const authenticate = newAuthenticate(world.parts)
  const { accessToken } = await startSession(db, world.keys, second.personId, {}, clock.now)
  const asked = ask()
  await askMerge(db, clerks[0], asked, clock.now)
  await askMerge(db, clerks[0], asked, clock.now)
  expect(await refusal(decideMerge(db, clerks[0], asked.id, { answer: 'yes' }, clock.now))).toBe('REQUEST_OWN')
  await decideMerge(db, clerks[1], asked.id, { answer: 'yes' }, clock.now)

  expect(await pointsOf(first.personId)).toBe(5000n)
  expect(await pointsOf(second.personId)).toBe(0n)
  expect((await db.ledgerAccount.findUniqueOrThrow({ where: { id: goes } })).closedAt).not.toBeNull()
  expect((await auditLedger(db)).problem).toBeNull()
  expect(await db.person.findUniqueOrThrow({ where: { id: second.personId } })).toMatchObject({
    mergedInto: first.personId,
  })
  await expect(authenticate(accessToken, 'r', clock.now)).rejects.toThrow('SESSION_ENDED')
  // what is still to be paid to the record that went is paid to the one that stayed
  const accounts = await db.$transaction((tx) =>
    accountsOfPersons(tx, [first.personId, second.personId], programmeId, clock.now),
  )
  expect(accounts.get(second.personId)).toBe(accounts.get(first.personId))
  expect(await refusal(decideMerge(db, clerks[1], asked.id, { answer: 'yes' }, clock.now))).toBe('MERGE_DECIDED')
  expect(await refusal(askMerge(db, clerks[0], ask(), clock.now))).toBe('NOT_FOUND')
})

test('of many who decide at once it is done once', async () => {
  const { world, first, clerks, pointsOf, ask } = await twice()
  const { db, clock, places } = world
  const asked = ask()
  await askMerge(db, clerks[0], asked, clock.now)
  const others = await Promise.all(Array.from({ length: 4 }, () => world.staff('townStaff', places.town)))
  const outcomes = await Promise.all(
    others.map((one) => refusal(decideMerge(db, one, asked.id, { answer: 'yes' }, clock.now))),
  )
  expect(outcomes.filter((one) => one === null)).toHaveLength(1)
  expect(outcomes.filter((one) => one === 'MERGE_DECIDED')).toHaveLength(3)
  expect(await pointsOf(first.personId)).toBe(5000n)
  expect((await auditLedger(db)).problem).toBeNull()
})

test('an elder’s record stays, a post must end first, and of another region nothing is known', async () => {
  const { world, first, second, clerks, ask } = await twice()
  const { db, clock, places } = world
  const elder = await world.elder()
  const wrongWay = ask({ fromPersonId: elder.personId, intoPersonId: first.personId })
  expect(await refusal(askMerge(db, clerks[0], wrongWay, clock.now))).toBe('MERGE_DIRECTION')
  const far = await world.elder({ place: places.otherVillage })
  expect(await refusal(askMerge(db, clerks[0], ask({ intoPersonId: far.personId }), clock.now))).toBe('NOT_FOUND')
  await askMerge(db, clerks[0], ask(), clock.now)
  expect(await refusal(askMerge(db, clerks[0], ask({ intoPersonId: elder.personId }), clock.now))).toBe('MERGE_ASKED')
  await world.staff('villageStaff', places.village, { personId: second.personId })
  const { id } = await db.personMerge.findFirstOrThrow()
  expect(await refusal(decideMerge(db, clerks[1], id, { answer: 'yes' }, clock.now))).toBe('MERGE_STAFF')
  await decideMerge(db, clerks[1], id, { answer: 'no' }, clock.now)
  expect((await db.person.findUniqueOrThrow({ where: { id: second.personId } })).mergedInto).toBeNull()
})

test('a helper’s facet goes over to an elder who has none', async () => {
  const { world, second, clerks, ask } = await twice()
  const { db, clock } = world
  const elder = await world.elder()
  const asked = ask({ intoPersonId: elder.personId })
  await askMerge(db, clerks[0], asked, clock.now)
  await decideMerge(db, clerks[1], asked.id, { answer: 'yes' }, clock.now)
  const actor = await world.actorOf(elder.personId)
  expect(actor.member?.id).toBe(second.id)
  expect(actor.elder?.id).toBe(elder.id)
})

/** An hour of volunteering that a helper did on a day, finished and confirmed. */
const hourOf = (
  world: World,
  helper: { id: string; personId: string },
  elderId: string,
  day: string,
  from = '09:00',
) => {
  const checkInAt = instantOf(day, from)
  const about = { day, month: day.slice(0, 7), countyId: world.places.county.id, channel: 'inPerson' }
  const place = { regionId: world.places.village.id, regionPath: world.places.village.path, nature: 'volunteer' }
  return {
    ...{ ...visitOf(world, helper), ...about, ...place, checkInAt, checkOutAt: addSeconds(checkInAt, 3600) },
    ...{ state: 'confirmed', servedSeconds: 3600, counted: true, level: 2, silentFrom: null },
    elders: { create: { ...about, ...place, elderId, servedSeconds: 3600, counted: true } },
  }
}

test('two records that both served become one: visits stay as they were written, hours, record and certificate are one', async () => {
  const { world, first, second, clerks, ask } = await twice()
  const { db, keys, clock, places } = world
  const elder = await world.elder()
  const own = hourOf(world, first, elder.id, '2026-11-20')
  const old = hourOf(world, second, elder.id, '2026-11-21')
  for (const data of [own, old]) await db.visit.create({ data })
  const asked = ask()
  await askMerge(db, clerks[0], asked, clock.now)
  await decideMerge(db, clerks[1], asked.id, { answer: 'yes' }, clock.now)

  // nothing old is rewritten
  expect(await db.visit.findUniqueOrThrow({ where: { id: old.id } })).toMatchObject({
    ...{ memberId: second.id, memberPersonId: second.personId },
  })
  const actor = await world.actorOf(first.personId)
  const record = await findVolunteerRecord(db, keys, actor, first.id, '2026', clock.now)
  expect(record.services.map(({ visitId }) => visitId)).toEqual([own.id, old.id])
  expect(record.total.seconds).toBe(7200)
  const town = await world.staff('townStaff', places.town)
  const detail = await findMemberDetail(db, keys, town, first.id, clock.now)
  expect(detail.totalSeconds).toBe(7200)
  expect((await monthOfMembers(db, [first.id], '2026-11')).get(first.id)).toEqual({ seconds: 7200, visits: 2 })
  const owner = { personId: first.personId, regionPath: places.village.path, countyId: places.county.id }
  expect((await findMyPoints(db, owner, clock.now)).totalSeconds).toBe(7200)
  expect((await auditLedger(db)).problem).toBeNull()
})

test('what was served under the record that went is still one’s own: not to be confirmed, complained of or approved', async () => {
  const { world, first, second, clerks, ask } = await twice()
  const { db, clock, places } = world
  const elder = await world.elder()
  const old = hourOf(world, second, elder.id, '2026-11-21')
  await db.visit.create({ data: { ...old, state: 'finished', silentFrom: clock.now } })
  const asked = ask()
  await askMerge(db, clerks[0], asked, clock.now)
  await decideMerge(db, clerks[1], asked.id, { answer: 'yes' }, clock.now)
  await world.proxy(elder.id, { personId: first.personId })
  await world.staff('townStaff', places.town, { personId: first.personId })
  const actor = await world.actorOf(first.personId)
  expect(actor.formerIds).toEqual([second.personId])
  const yes = { id: randomUUID(), elderId: elder.id, answer: 'yes' as const, how: 'proxy' as const }
  expect(await refusal(confirm(db, actor, old.id, yes, clock.now))).toBe('CONFIRM_OWN')
  const { enteredByPersonId = null } = await db.visit.findUniqueOrThrow({ where: { id: old.id } })
  const visit = {
    regionPath: places.village.path,
    memberPersonId: second.personId,
    enteredByPersonId,
    confirmations: [],
  }
  expect(tookPart(actor, visit)).toBe(true)
  expect(tookPart(clerks[0], visit)).toBe(false)
})

test('nobody was in two places at once, and nothing is under way: such records wait', async () => {
  const { world, first, second, clerks, ask } = await twice()
  const { db, clock } = world
  const elder = await world.elder()
  await db.visit.create({ data: hourOf(world, first, elder.id, '2026-11-20') })
  const twin = hourOf(world, second, elder.id, '2026-11-20', '09:59')
  await db.visit.create({ data: twin })
  const tried = () => refusal(askMerge(db, clerks[0], ask(), clock.now))
  expect(await tried()).toBe('MERGE_OVERLAP')
  await db.visit.update({ where: { id: twin.id }, data: { counted: false } })
  const running = visitOf(world, second)
  await db.visit.create({ data: running })
  expect(await tried()).toBe('MERGE_SERVING')
  await db.visit.delete({ where: { id: running.id } })
  expect(await tried()).toBeNull()
})

test('a later visit that overlaps one of the record that went doesn’t count beside it', async () => {
  const { world, first, second, clerks, ask } = await twice()
  const { db, clock } = world
  const elder = await world.elder()
  await db.visit.create({ data: hourOf(world, second, elder.id, '2026-11-20') })
  const asked = ask()
  await askMerge(db, clerks[0], asked, clock.now)
  await decideMerge(db, clerks[1], asked.id, { answer: 'yes' }, clock.now)
  const from = instantOf('2026-11-20', '09:30')
  const span = { id: randomUUID(), memberId: first.id, from, to: addSeconds(from, 3600), countsAlone: true }
  expect([...(await findOverlaps(db, [span]))]).toEqual([span.id])
})

test('who asks to be forgotten is forgotten under both numbers: the keys of both records are gone', async () => {
  const { world, first, second, clerks, ask } = await twice()
  const { db, keys, clock } = world
  const asked = ask()
  await askMerge(db, clerks[0], asked, clock.now)
  await decideMerge(db, clerks[1], asked.id, { answer: 'yes' }, clock.now)
  await db.$transaction((tx) => erase(tx, first.personId, clock.now))
  await destroyKeyOf(db, first.personId)
  const ids = [first.personId, second.personId]
  expect(await db.person.count({ where: { id: { in: ids }, erasedAt: null } })).toBe(0)
  expect([...(await openPersons(db, keys, ids)).values()].map(({ name }) => name)).not.toContain('张兰')
})

test('two records of one elder are owed and counted once, with the visits of both, in live rows and in judged months', async () => {
  const world = await newWorld()
  const { db, clock, places } = world
  const since = { validFrom: '2026-01-01', validTo: null }
  const alone = (day: string | null): Life => ({
    ...{ homes: [{ place: 'village', span: since }], tags: [{ category: 'livingAlone', ...since }] },
    ...{ exits: [], events: [], endedDay: null },
    visits: day === null ? [] : [{ day, channel: 'inPerson', nature: 'volunteer', servedSeconds: 1800 }],
  })
  const twiceAMonth: Need = {
    ...{ place: 'county', category: 'livingAlone', channels: ['inPerson'], natures: ['volunteer'], minSeconds: 900 },
    ...{ rhythm: { interval: 'days', intervalLength: 10 }, ...since },
  }
  await writeLives(world, [alone('2026-11-04'), alone('2026-11-14'), alone(null)], [twiceAMonth])
  const count = async () => (await countUnsigned(db, places.county.path, '2026-11')).get(places.village.path)
  await rollCoverage(db, clock.now)
  const before = await count()
  expect(before).toMatchObject({ due: 3, visited: 2, requirementsMet: 2 })

  const visited = await db.visitElder.findMany({ where: { counted: true }, orderBy: { day: 'asc' } })
  const elders = await db.elder.findMany({ where: { id: { in: visited.map((one) => one.elderId) } } })
  const [goes, stays] = visited.map(({ elderId }) => elders.find(({ id }) => id === elderId)?.personId as string)
  const clerks = [await world.staff('townStaff', places.town), await world.staff('townStaff', places.town)] as const
  const asked = { id: randomUUID(), fromPersonId: goes as string, intoPersonId: stays as string, reason: '重复登记' }
  await askMerge(db, clerks[0], asked, clock.now)
  await decideMerge(db, clerks[1], asked.id, { answer: 'yes' }, clock.now)

  const periods = (before?.requirementsDue ?? 0) / 3
  const after = { due: 2, visited: 1, requirementsDue: periods * 2, requirementsMet: 2 }
  expect(await count()).toMatchObject(after)
  await rollCoverage(db, clock.now)
  expect(await count()).toMatchObject(after)
  expect(await coverageDrift(db, places.county.path, '2026-11')).toEqual([])
  // whoever was visited under the record that went is on the list of the visited, and of nobody who is missing
  const kept = elders.find((one) => one.personId === stays)?.id
  const own = { elderId: kept as string }
  await db.visitElder.updateMany({ where: own, data: { counted: false } })
  const listed = async (state: 'visited' | 'missing') => {
    const query = { regionId: places.village.id, month: '2026-11', state, limit: 50 }
    const { items } = await listCoverageElders(db, world.keys, clerks[0], query, clock.now)
    return items.map((one) => one.elderId).includes(kept as string)
  }
  expect([await listed('visited'), await listed('missing')]).toEqual([true, false])
  await db.visitElder.updateMany({ where: own, data: { counted: true } })
  // a visit of the record that went that no longer counts is taken from the one that stayed
  await db.visitElder.updateMany({ where: { elderId: visited[0]?.elderId ?? '' }, data: { counted: false } })
  await rollCoverage(db, clock.now)
  expect(await count()).toMatchObject({ ...after, requirementsMet: 1 })
  expect(await coverageDrift(db, places.county.path, '2026-11')).toEqual([])
})
