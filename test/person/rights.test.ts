import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { findKeys } from '../../server/core/key-store'
import { revealField } from '../../server/elder/reveal'
import { auditLedger } from '../../server/ledger/audit'
import { bonus } from '../../server/ledger/grant'
import { giveConsent, myConsents, withdrawConsent } from '../../server/person/consents'
import { destroyKeyOf, erase } from '../../server/person/erase'
import { myCopy, myLooks } from '../../server/person/own'
import { askForOwn, decideRequest, fileForOther, listRequests, myRequests } from '../../server/person/requests'
import { openPersons } from '../../server/person/vault'
import { auditAll } from '../../server/proof/audit'
import { sha256, verifyEd25519 } from '../../server/proof/crypto'
import { signCheckpoints } from '../../server/proof/keep'
import { forgetPlaces } from '../../server/visit/forget-places'
import { CONSENT_TEXTS } from '../../shared/person/consents'
import { readVerifierKey } from '../../shared/proof/note'
import { verifyProof } from '../../shared/proof/verify'
import { newShop } from '../redemption/shop'
import { atDoor, HOME } from '../support/door'
import { refusal } from '../support/refusal'
import { newWorld, serveWorld, type World } from '../support/world'

const stateOf = async (world: World, actor: Parameters<typeof myConsents>[1], kind: string) =>
  (await myConsents(world.db, actor)).find((one) => one.kind === kind)?.state

test('each consent is given and taken back for itself, with the words of its version', async () => {
  const world = await newWorld()
  const { actor } = await world.member()
  const { db, keys, clock } = world
  const { version } = CONSENT_TEXTS.location
  expect(await refusal(giveConsent(db, actor, { kind: 'location', textVersion: '1999-01' }, clock.now))).toBe(
    'CONSENT_TEXT',
  )

  await giveConsent(db, actor, { kind: 'location', textVersion: version }, clock.now)
  await giveConsent(db, actor, { kind: 'location', textVersion: version }, clock.now)
  expect(await stateOf(world, actor, 'location')).toBe('given')
  expect(await stateOf(world, actor, 'identity')).toBe('none')
  expect(await db.consent.count({ where: { personId: actor.personId } })).toBe(1)

  await withdrawConsent(db, keys, actor, { kind: 'location' }, world.later(60))
  expect(await stateOf(world, actor, 'location')).toBe('withdrawn')
  await giveConsent(db, actor, { kind: 'location', textVersion: version }, world.later(60))
  expect(await stateOf(world, actor, 'location')).toBe('given')
  expect(await db.operationLog.count({ where: { resource: 'person', resourceId: actor.personId } })).toBe(3)
})

test('who took back the consent to their place helps as before, and no place is kept of them', async () => {
  const world = await newWorld()
  const { ask } = await serveWorld(world)
  const helper = await world.member()
  const elder = await world.elder({ homePoint: '37.2,122.05' })
  const plate = await world.plate(elder.id)
  const press = async (id: string) =>
    ask(helper.actor, 'POST', '/visits', {
      id,
      elderIds: [elder.id],
      serviceId: world.service.id,
      code: plate.code,
      place: { lat: 37.2, lon: 122.05, accuracyMetres: 20, datum: 'WGS-84' },
      deviceAt: world.clock.now.toISOString(),
    })
  await withdrawConsent(world.db, world.keys, helper.actor, { kind: 'location' }, world.clock.now)
  const id = randomUUID()

  expect((await press(id)).status).toBe(201)

  const [evidence] = await world.db.visitEvidence.findMany({ where: { visitId: id } })
  expect(evidence).toMatchObject({ placeSealed: null, placeHmac: null })
}, 120_000)

test('with the consent the places already kept are gone, how well it was proved stays, and the books and the log still verify', async () => {
  const world = await newWorld()
  const { db, keys, clock, config } = world
  const door = await atDoor(world, { homePoint: HOME })
  const id = await door.served(65)
  await door.answer(id, 'yes')
  await signCheckpoints(world.parts, clock.now)
  const other = await atDoor(world, { homePoint: HOME })
  const theirs = await other.served(30)
  const [evidenceOf, before] = [
    (visitId: string) => db.visitEvidence.findMany({ where: { visitId }, orderBy: { id: 'asc' } }),
    await db.visit.findUniqueOrThrow({ where: { id } }),
  ]
  const kept = await evidenceOf(id)
  expect(kept.filter(({ placeSealed }) => placeSealed !== null)).toHaveLength(2)

  await withdrawConsent(db, keys, door.helper.actor, { kind: 'location' }, clock.now)

  expect(await evidenceOf(id)).toEqual(kept.map((row) => ({ ...row, placeSealed: null, placeHmac: null })))
  expect(await db.visit.findUniqueOrThrow({ where: { id } })).toEqual(before)
  expect((await evidenceOf(theirs)).every(({ placeSealed }) => placeSealed !== null)).toBe(true)
  expect((await auditAll(db, config.log)).problem).toBeNull()
  await withdrawConsent(db, keys, door.helper.actor, { kind: 'location' }, clock.now)

  // nor does the job that forgets in time
  await other.answer(theirs, 'yes')
  await signCheckpoints(world.parts, clock.now)
  world.later(366 * 86_400)
  expect(await forgetPlaces(db, clock.now)).toBe(2)
  expect((await auditAll(db, config.log)).problem).toBeNull()
}, 120_000)

test('taking back the ID number deletes it, health ends its categories, proxy stops the proxies', async () => {
  const world = await newWorld()
  const { db, keys } = world
  const elder = await world.elder({ categories: ['livingAlone', 'disabled'] })
  await world.proxy(elder.id)
  await db.person.update({
    where: { id: elder.personId },
    data: { identityKind: 'idCard', idNumberSealed: 'v1.x', idNumberIndex: 'x' },
  })
  for (const kind of ['identity', 'health', 'proxy'] as const)
    await withdrawConsent(db, keys, elder.actor, { kind }, world.clock.now)

  expect(await db.person.findUnique({ where: { id: elder.personId } })).toMatchObject({
    identityKind: 'none',
    idNumberSealed: null,
    idNumberIndex: null,
  })
  const open = await db.elderCategory.findMany({ where: { elderId: elder.id, validTo: null } })
  expect(open.map((one) => one.category)).toEqual(['livingAlone'])
  expect(await db.proxy.count({ where: { elderId: elder.id, revokedAt: null } })).toBe(0)
})

/** Somebody who has served, earned and been confirmed. */
async function servedWorld() {
  const world = await newWorld()
  const { ask } = await serveWorld(world)
  const [helper, elder] = [await world.member({ name: '于得水' }), await world.elder()]
  const plate = await world.plate(elder.id)
  const id = randomUUID()
  const press = { code: plate.code, deviceAt: world.clock.now.toISOString() }
  await ask(helper.actor, 'POST', '/visits', { id, elderIds: [elder.id], serviceId: world.service.id, ...press })
  world.later(3600)
  await ask(helper.actor, 'POST', `/visits/${id}/check-out`, { id: randomUUID(), ...press, tasksDone: [] })
  return { world, ask, helper, elder, visitId: id }
}

test('erasing takes away who somebody is and leaves what they did: nothing opens any more, and the audit finds nothing amiss', async () => {
  const { world, helper } = await servedWorld()
  const { db, keys } = world
  const [town, county] = [
    await world.staff('townStaff', world.places.town),
    await world.staff('countyAdmin', world.places.county),
  ]
  const before = await books(world)
  const request = { id: randomUUID(), kind: 'erase' as const, text: '不想再登记了' }
  await askForOwn(db, keys, helper.actor, request, world.clock.now)
  expect(await refusal(decideRequest(db, await world.staff('villageStaff'), request.id, done, world.clock.now))).toBe(
    'NOT_ALLOWED',
  )

  await decideRequest(db, town, request.id, done, world.clock.now)

  expect((await openPersons(db, keys, [helper.personId])).get(helper.personId)).toEqual({
    name: '',
    phone: null,
    idNumber: null,
    sex: 'unknown',
    birthDate: null,
  })
  expect(await findKeys(db, [helper.personId])).toEqual([])
  const person = await db.person.findUniqueOrThrow({ where: { id: helper.personId } })
  expect([person.nameInitials, person.phoneIndex, person.openidIndex]).toEqual(['', null, null])
  expect(await db.session.count({ where: { personId: helper.personId, revokedAt: null } })).toBe(0)
  expect(await books(world)).toEqual(before)
  expect((await auditAll(db, world.config.log, () => {}, world.clock.now)).problem).toBeNull()
  expect(await refusal(decideRequest(db, county, request.id, done, world.clock.now))).toBe('DATA_DECIDED')
  expect((await listRequests(db, keys, county, { limit: 50 })).items).toMatchObject([{ maskedName: '*', text: '' }])
})

const done = { outcome: 'done' as const, answer: '已办好' }
async function books({ db }: World) {
  return {
    entries: await db.ledgerEntry.findMany({ orderBy: [{ transactionId: 'asc' }, { no: 'asc' }] }),
    visits: await db.visit.findMany({ orderBy: { id: 'asc' } }),
  }
}

test('with somebody go the salts of what they moved or wrote: those commitments open to nobody, everybody else’s do', async () => {
  const { db, clock, richMember, accountOf } = await newShop()
  const [gone, stays] = [await richMember(1000n), await richMember(2000n)]
  const to = await accountOf(stays.personId)
  const written = {
    ...{ id: randomUUID(), refType: 'test', refId: randomUUID(), milliPoints: 10n, to },
    ...{ happenedAt: clock.now, byId: gone.personId, explanation: {} },
  }
  await db.$transaction((tx) => bonus(tx, written, clock.now))
  const opened = async () => (await db.ledgerSalt.findMany()).map((one) => one.transactionId)
  const others = await db.ledgerTransaction.findMany({
    where: { byId: { not: gone.personId }, entries: { some: { accountId: to } } },
  })
  expect(await opened()).toHaveLength(3)

  await db.$transaction((tx) => erase(tx, gone.personId, clock.now))

  expect(await opened()).toEqual(others.map((one) => one.id))
  expect((await auditLedger(db)).problem).toBeNull()
})

test('nobody is erased in the middle of something, nor by who wrote the request down', async () => {
  const world = await newWorld()
  const { db, keys } = world
  const elder = await world.elder()
  const town = await world.staff('townStaff', world.places.town)
  const other = await world.staff('townStaff', world.places.town)
  const request = { id: randomUUID(), elderId: elder.id, kind: 'erase' as const, text: '家里人来办' }
  await fileForOther(db, keys, town, request, world.clock.now)
  expect(await refusal(decideRequest(db, town, request.id, done, world.clock.now))).toBe('DATA_TWO_PERSONS')
  await db.order.create({
    data: {
      ...{ id: randomUUID(), elderId: elder.id, serviceId: world.service.id, regionId: elder.regionId },
      ...{ regionPath: elder.regionPath, countyId: elder.countyId, wantedDay: '2026-11-23', wantedTime: 'morning' },
      ...{ state: 'open', origin: 'elder', askedByPersonId: elder.personId, createdAt: world.clock.now },
      staffFrom: world.clock.now,
    },
  })
  expect(await refusal(decideRequest(db, other, request.id, done, world.clock.now))).toBe('ERASE_OPEN')
  expect((await openPersons(db, keys, [elder.personId])).get(elder.personId)?.name).not.toBe('')
})

test('a request belongs to its place: the desk of another village neither sees nor files nor answers it', async () => {
  const world = await newWorld()
  const { db, keys } = world
  const elder = await world.elder()
  const outside = await world.staff('villageStaff', world.places.village2)
  const request = { id: randomUUID(), kind: 'correct' as const, text: '电话换了' }
  await askForOwn(db, keys, elder.actor, request, world.clock.now)
  expect((await listRequests(db, keys, outside, { limit: 50 })).items).toEqual([])
  expect(await refusal(decideRequest(db, outside, request.id, done, world.clock.now))).toBe('NOT_FOUND')
  const filed = { ...request, id: randomUUID(), elderId: elder.id }
  expect(await refusal(fileForOther(db, keys, outside, filed, world.clock.now))).toBe('NOT_FOUND')
  expect(await myRequests(db, keys, elder.actor)).toMatchObject([{ text: '电话换了', state: 'open', bySelf: true }])
})

test('one gets a copy of everything about oneself, and sees who looked at what is hidden', async () => {
  const { world, helper, elder } = await servedWorld()
  const { db, keys } = world
  const town = await world.staff('townStaff', world.places.town)
  await revealField(db, keys, town, elder.id, { field: 'phone', purpose: '回访' }, world.clock.now)

  const looks = await myLooks(db, elder.actor)
  const copy = JSON.parse((await myCopy(db, keys, helper.actor, world.clock.now)).bytes.toString('utf8'))

  expect(looks).toMatchObject([{ roleWord: '镇街工作人员', what: '看了电话', purpose: '回访' }])
  expect(copy).toMatchObject({ person: { name: '于得水' }, visits: [{ servedSeconds: 3600 }], elder: null })
  expect(await myLooks(db, helper.actor)).toEqual([])
})

/** An elder, the clerk who writes down, another who decides, and what a son who came with his papers asks for. */
async function bereaved() {
  const world = await newWorld()
  const { db, keys, clock } = world
  const [village, town] = [await world.staff('villageStaff'), await world.staff('townStaff', world.places.town)]
  const elder = await world.elder({ name: '欧阳秀英' })
  const die = () =>
    db.elderExit.create({
      data: {
        ...{
          id: randomUUID(),
          elderId: elder.id,
          kind: 'died',
          validFrom: '2026-11-20',
          validTo: null,
          reason: '病故',
        },
        ...{ approvedByPersonId: town.personId, recordedAt: clock.now },
      },
    })
  const asked = (wish: 'copy' | 'correct' | 'erase') => ({
    ...{ id: randomUUID(), elderId: elder.id, kind: 'relative' as const, text: '儿子来要母亲的记录' },
    relative: {
      ...{ wish, relation: 'child' as const, name: '于大海' },
      ...{ deathProof: 'deathCertificate' as const, relationProof: 'householdRegister' as const },
    },
  })
  const file = (request: Parameters<typeof fileForOther>[3], by = village) =>
    fileForOther(db, keys, by, request, clock.now)
  const decide = (id: string, more: object = { proofsSeen: true }, by = town) =>
    decideRequest(db, by, id, { ...done, ...more }, clock.now)
  return { world, village, town, elder, die, asked, file, decide }
}

test('a relative of who died gets a copy when two of the staff have seen the papers, and never of the living', async () => {
  const { world, village, town, elder, die, asked, file, decide } = await bereaved()
  const { db, keys } = world
  const { ask } = await serveWorld(world)
  const request = asked('copy')
  const copy = (who: { personId: string }) =>
    ask<{ code?: string }>(who, 'POST', `/data-requests/${request.id}/copy`, {})
  expect(await refusal(file(request))).toBe('DATA_ALIVE')
  await die()
  // without who came and what was shown there is no such request
  const { relative, ...bare } = request
  expect((await ask(village, 'POST', '/data-requests', bare)).body).toMatchObject({ field: 'relative' })
  expect((await ask(village, 'POST', '/data-requests', { ...request, kind: 'erase' })).status).toBe(400)
  await file(request)
  expect((await copy(town)).body.code).toBe('DATA_NOT_RELATIVES')
  expect(await refusal(decide(request.id, { proofsSeen: true }, village))).toBe('DATA_TWO_PERSONS')
  expect(await refusal(decide(request.id, {}))).toBe('DATA_PROOF')
  await decide(request.id)
  const outside = await world.staff('townStaff', world.places.town2)
  expect((await copy(outside)).status).toBe(404)
  expect(JSON.stringify((await copy(town)).body)).toContain('欧阳秀英')
  const log = (action: string) =>
    db.operationLog.findFirst({ where: { action, resource: { in: ['dataRequest', 'person'] } } })
  expect(await log('export')).toMatchObject({ personId: town.personId, purpose: '给去世老人的家属' })
  const papers = { wish: 'copy', relation: 'child', proofs: ['deathCertificate', 'householdRegister'] }
  for (const action of ['ask', 'answer'])
    expect(JSON.parse((await log(action))?.after ?? '{}')).toMatchObject({ kind: 'relative', ...papers })
  const [shown] = (await listRequests(db, keys, town, { limit: 50 })).items
  expect(shown?.relative).toEqual({ wish: 'copy', words: '子女 于*海 要一份副本', proofWords: '死亡证明、户口簿' })
  // the name of who came is sealed like everything of who died
  const row = await db.dataRequest.findUniqueOrThrow({ where: { id: request.id } })
  expect(JSON.stringify([row, await db.operationLog.findMany()])).not.toContain(relative.name)
  expect(elder.personId).toBe(row.personId)
}, 120_000)

test('a relative has what is wrong put right, or everything erased; either is in the log with its papers', async () => {
  const { world, town, village, elder, die, asked, file, decide } = await bereaved()
  const { db, keys } = world
  await die()
  const [right, erased] = [asked('correct'), asked('erase')]
  await file(right)
  await decide(right.id)
  expect((await openPersons(db, keys, [elder.personId])).get(elder.personId)?.name).toBe('欧阳秀英')
  await file(erased)
  const other = await world.staff('villageStaff')
  expect(await refusal(decide(erased.id, { proofsSeen: true }, other))).toBe('NOT_ALLOWED')
  await decide(erased.id)
  expect((await openPersons(db, keys, [elder.personId])).get(elder.personId)?.name).toBe('')
  expect(await findKeys(db, [elder.personId])).toEqual([])
  const answers = await db.operationLog.findMany({ where: { resource: 'dataRequest', personId: town.personId } })
  const told = answers.map(({ action, after }) => [action, (JSON.parse(after ?? '{}') as { wish: string }).wish])
  expect(told.sort()).toEqual([
    ['answer', 'correct'],
    ['erase', 'erase'],
  ])
  expect((await auditAll(db, world.config.log)).problem).toBeNull()
  expect(village.personId).not.toBe(town.personId)
})

test('of a helper who died relatives ask too, once the helper is one no longer; and staff write down what a helper asks for', async () => {
  const { world, elder, asked, file, decide } = await bereaved()
  const { db, keys } = world
  const helper = await world.member({ name: '于得水' })
  const { elderId: _, ...request } = asked('erase')
  const ofHelper = { ...request, memberId: helper.id }
  const { ask } = await serveWorld(world)
  const both = { ...ofHelper, elderId: elder.id }
  expect((await ask(await world.staff('villageStaff'), 'POST', '/data-requests', both)).body).toMatchObject({
    code: 'REQUIRED',
  })
  expect(await refusal(file(ofHelper))).toBe('DATA_ALIVE')
  await file({ id: randomUUID(), memberId: helper.id, kind: 'correct', text: '名字写错了' })
  await db.member.update({ where: { id: helper.id }, data: { state: 'ended', endedDay: '2026-11-20' } })
  await file(ofHelper)
  expect(await refusal(decide(request.id, {}))).toBe('DATA_PROOF')
  await decide(request.id)
  expect((await openPersons(db, keys, [helper.personId])).get(helper.personId)?.name).toBe('')
  const outside = await world.staff('villageStaff', world.places.village2)
  expect(await refusal(file({ ...ofHelper, id: randomUUID() }, outside))).toBe('NOT_FOUND')
})

test('erasing asks over HTTP who sits there when the last proof is too old, and erases nothing before', async () => {
  const { world, town, elder, die, asked, file } = await bereaved()
  const { db } = world
  const { ask, enterAgain } = await serveWorld(world)
  await die()
  const request = asked('erase')
  await file(request)
  const decide = () =>
    ask<{ code?: string }>(town, 'POST', `/data-requests/${request.id}/decision`, { ...done, proofsSeen: true })
  await ask(town, 'GET', '/me')
  world.later(901)
  expect((await decide()).body.code).toBe('PROOF_NEEDED')
  expect(await db.person.findUniqueOrThrow({ where: { id: elder.personId } })).toMatchObject({ erasedAt: null })
  enterAgain(town.personId)
  expect((await decide()).status).toBe(200)
  expect((await db.person.findUniqueOrThrow({ where: { id: elder.personId } })).erasedAt).not.toBeNull()
})

test('who arranged otherwise in life is obeyed: relatives get nothing, and nobody takes that back for the dead', async () => {
  const { world, village, elder, die, asked, file, decide } = await bereaved()
  const { db, keys, clock } = world
  const own = (kind: 'withhold' | 'release') =>
    askForOwn(db, keys, elder.actor, { id: randomUUID(), kind, text: '我的事不用告诉孩子' }, world.later(1))
  const before = asked('copy')
  await own('withhold')
  await own('release')
  await own('withhold')
  // what staff write down for somebody holds once another has agreed
  const byStaff = { id: randomUUID(), elderId: elder.id, kind: 'release' as const, text: '老人电话里说的' }
  world.later(1)
  await fileForOther(db, keys, village, byStaff, clock.now)
  await die()
  expect(await refusal(file(before))).toBe('DATA_WITHHELD')
  expect(await refusal(file({ ...byStaff, id: randomUUID() }))).toBe('DATA_DEAD')
  await decide(byStaff.id, {})
  await file(before)
  await db.dataRequest.update({ where: { id: byStaff.id }, data: { state: 'refused' } })
  expect(await refusal(decide(before.id))).toBe('DATA_WITHHELD')
})

test('a child under fourteen is registered only with the consent of a guardian', async () => {
  const world = await newWorld()
  const { ask } = await serveWorld(world)
  const staff = await world.staff('villageStaff')
  const child = (birthDate: string, how: string) => ({
    ...{ id: randomUUID(), kind: 'volunteer', regionId: world.places.village.id, trainings: [] },
    person: { name: '于小海', identityKind: 'none', sex: 'male', birthDate },
    consents: [{ kind: 'service', textVersion: '2026-11', how }],
  })
  const enrol = async (birthDate: string, how: string) => {
    const { status, body } = await ask<{ code?: string }>(staff, 'POST', '/members', child(birthDate, how))
    return body.code ?? status
  }
  expect(await enrol('2012-11-23', 'paper')).toBe('GUARDIAN_NEEDED')
  expect(await enrol('2013-11-23', 'guardian')).toBe(200)
  expect(await enrol('2012-11-22', 'paper')).toBe(200)
})

test('a certificate of somebody who was erased still holds: its number, its sums and its proof, and no name', async () => {
  const world = await newWorld()
  const { db, parts, clock } = world
  const { ask } = await serveWorld(world)
  const door = await atDoor(world, { homePoint: HOME })
  await door.answer(await door.served(65), 'yes')
  const helper = door.helper.actor
  const span = { id: randomUUID(), kind: 'service', from: '2026-11-01', to: '2026-11-22' }
  const { body: issued } = await ask<{ no: string }>(helper, 'POST', '/certificates', span)
  const paper = (await ask<string>(helper, 'GET', `/certificates/${issued.no}/proof`)).body
  type Told = { state: string; maskedName: string | null; certificate: unknown; proof: string; keys: string[] }
  const told = async () => (await ask<Told>(null, 'GET', `/public/certificates/${issued.no}`)).body
  const before = await told()

  await db.$transaction((tx) => erase(tx, helper.personId, clock.now))
  await destroyKeyOf(db, helper.personId)
  const after = await told()
  const known = await Promise.all(after.keys.map((one) => readVerifierKey(one, sha256)))
  const keys = known.filter((one) => one !== null)
  const tools = { sha256, verify: verifyEd25519 }

  expect(before).toMatchObject({ state: 'valid', maskedName: '张*' })
  expect(after).toMatchObject({ state: 'valid', maskedName: null, certificate: before.certificate })
  for (const proof of [paper, after.proof]) expect((await verifyProof(proof, keys, tools)).whyNot).toBeNull()
  expect((await auditAll(db, parts.config.log)).problem).toBeNull()
}, 120_000)
