// What each route is about, for the matrix of routes × roles × regions. Every route needs its row here.
import { randomUUID } from 'node:crypto'
import { inviteProxy } from '../../server/elder/invitation'
import { attachPicture } from '../../server/paper/picture'
import { sealForPerson } from '../../server/person/vault'
import { issuePlates } from '../../server/plate/issue'
import { addSeconds } from '../../shared/core/time'
import { STANDARD_CREDIT } from '../../shared/credit/rules'
import type { SchemeDocument } from '../../shared/scheme/document'
import { visitNumber } from '../../shared/visit/words'
import { SIMPLE, type World } from './world'

/** A picture as small as one can be. */
const ONE_PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** One record of each kind, all in the village 北庄村. */
export type Records = Awaited<ReturnType<typeof recordsIn>>

export async function recordsIn(world: World) {
  const { db, places, clock } = world
  const village = places.village
  const helper = await world.member()
  const elder = await world.elder({ ownPhone: false })
  const plate = await world.plate(elder.id)
  const proxy = await world.proxy(elder.id)
  const proxyRow = await db.proxy.findFirstOrThrow({ where: { elderId: elder.id } })
  const { id: invitationId } = await inviteProxy(
    db,
    world.keys,
    await world.staff('villageStaff'),
    { id: randomUUID(), elderId: elder.id, relation: '女儿', scopes: ['confirm'], paper: ONE_PIXEL },
    clock.now,
  )
  const invitation = { id: invitationId }
  const tag = await db.elderCategory.findFirstOrThrow({ where: { elderId: elder.id } })
  const exit = await db.elderExit.create({
    data: {
      id: randomUUID(),
      elderId: elder.id,
      kind: 'away',
      validFrom: '2026-12-20',
      validTo: null,
      reason: '走亲戚',
      approvedByPersonId: elder.personId,
      recordedAt: clock.now,
    },
  })
  const staff = await world.staff('villageStaff')
  const dataRequest = await db.dataRequest.create({
    data: {
      ...{
        id: randomUUID(),
        personId: elder.personId,
        askedByPersonId: elder.personId,
        kind: 'correct',
        state: 'open',
      },
      textSealed: await sealForPerson(db, world.keys, elder.personId, 'data_request', 'text', '电话换了'),
      ...{ regionPath: village.path, askedAt: clock.now },
    },
  })
  const staffRole = await db.staffRole.findFirstOrThrow({ where: { personId: staff.personId } })
  const began = addSeconds(clock.now, -7200)
  const visit = await db.visit.create({
    data: {
      id: randomUUID(),
      memberId: helper.id,
      memberPersonId: helper.personId,
      serviceId: world.service.id,
      orderId: null,
      regionId: village.id,
      regionPath: village.path,
      countyId: village.countyId as string,
      channel: 'inPerson',
      nature: 'volunteer',
      state: 'finished',
      checkInAt: began,
      checkOutAt: addSeconds(began, 3600),
      recordedAt: began,
      day: '2026-11-22',
      month: '2026-11',
      servedSeconds: 3600,
      counted: true,
      level: 1,
      closedBy: 'helper',
      silentFrom: began,
      enteredByPersonId: null,
      tasksDone: '[]',
      flag: 'clean',
      elders: {
        create: {
          elderId: elder.id,
          regionId: village.id,
          regionPath: village.path,
          countyId: village.countyId as string,
          day: '2026-11-22',
          month: '2026-11',
          channel: 'inPerson',
          nature: 'volunteer',
          servedSeconds: 3600,
          counted: true,
        },
      },
    },
  })
  const appeal = await db.appeal.create({
    data: {
      id: randomUUID(),
      visitId: visit.id,
      openVisitId: visit.id,
      regionPath: village.path,
      state: 'waiting',
      reasonCode: 'reallyCame',
      byPersonId: helper.personId,
      at: clock.now,
    },
  })
  const paper = await db.paperBatch.create({
    data: {
      ...{ id: randomUUID(), regionId: village.id, regionPath: village.path, source: 'form', reason: '没有信号' },
      ...{ lines: 1, state: 'waiting', enteredByPersonId: staff.personId, enteredAt: clock.now, month: '2026-11' },
    },
  })
  const paperPicture = await attachPicture(
    db,
    world.keys,
    staff,
    paper.id,
    { id: randomUUID(), image: ONE_PIXEL },
    clock.now,
  )
  const alarm = await db.alarm.create({
    data: {
      ...{ id: randomUUID(), elderId: elder.id, regionId: village.id, regionPath: village.path, origin: 'hotline' },
      ...{ words: '摔倒了', openedByPersonId: staff.personId, openedAt: clock.now, level: 'village', state: 'open' },
      dueAt: addSeconds(clock.now, 1800),
    },
  })
  const anomaly = await db.anomaly.create({
    data: {
      ...{ id: randomUUID(), key: randomUUID(), kind: 'roundTimes', month: '2026-11', regionPath: village.path },
      ...{
        subjects: JSON.stringify([helper.id]),
        score: 95,
        detail: '{"percent":95}',
        foundAt: clock.now,
        state: 'open',
      },
    },
  })
  const order = await db.order.create({
    data: {
      id: randomUUID(),
      elderId: elder.id,
      serviceId: world.service.id,
      regionId: village.id,
      regionPath: village.path,
      countyId: village.countyId as string,
      wantedDay: '2026-11-23',
      wantedTime: 'morning',
      state: 'open',
      origin: 'elder',
      askedByPersonId: elder.personId,
      createdAt: clock.now,
      staffFrom: addSeconds(clock.now, 86_400),
    },
  })
  const requirement = await db.requirement.create({
    data: {
      id: randomUUID(),
      regionId: village.id,
      regionPath: village.path,
      category: 'livingAlone',
      interval: 'month',
      channels: 'inPerson',
      minSeconds: 0,
      validFrom: '2026-01-01',
      validTo: null,
    },
  })
  const spotCheck = await db.spotCheck.create({
    data: {
      ...{
        id: randomUUID(),
        regionId: village.id,
        regionPath: village.path,
        fromDay: '2026-11-01',
        toDay: '2026-11-22',
      },
      ...{ percent: 10, list: '', listHash: '', listSize: 0, seedFrom: '', byPersonId: elder.personId },
      createdAt: clock.now,
    },
  })
  const spotItem = await db.spotItem.create({
    data: {
      ...{ id: randomUUID(), checkId: spotCheck.id, visitId: visit.id, regionPath: village.path, position: 0 },
      inspectorPersonId: elder.personId,
    },
  })
  const point = await db.redemptionPoint.create({
    data: {
      id: randomUUID(),
      name: '北庄村幸福餐桌',
      regionId: village.id,
      regionPath: village.path,
      address: '村委会旁',
      phone: '0631-1',
      openingHours: '8:00–17:00',
      active: true,
    },
  })
  const product = await db.product.create({
    data: {
      id: randomUUID(),
      name: '鸡蛋',
      icon: 'eggs',
      kind: 'goods',
      description: '一板',
      priceMilliPoints: 20_000n,
      costFen: 1500,
      holdHours: 24,
      regionId: village.id,
      regionPath: village.path,
      programmeId: world.programmeId,
      active: true,
      stocks: { create: { pointId: point.id, left: 5 } },
    },
  })
  const writer = randomUUID()
  const draft = await db.schemeDraft.create({
    data: {
      id: randomUUID(),
      programmeId: world.programmeId,
      regionId: village.id,
      regionPath: village.path,
      validFrom: '2026-12-01',
      document: JSON.stringify(SIMPLE),
      state: 'draft',
      changedByPersonId: writer,
      changedAt: clock.now,
    },
  })
  const trial = await db.schemeTrial.create({
    data: {
      id: randomUUID(),
      draftId: draft.id,
      regionPath: village.path,
      fromDay: '2026-11-01',
      toDay: '2026-11-22',
      state: 'running',
      days: 22,
      doneDays: 3,
      byPersonId: writer,
      startedAt: clock.now,
      touchedAt: clock.now,
    },
  })
  const account = await db.ledgerAccount.create({
    data: {
      id: randomUUID(),
      programmeId: world.programmeId,
      kind: 'member',
      stored: true,
      postedMilliPoints: 0n,
      pendingMilliPoints: 0n,
      lowestMilliPoints: 0n,
      seq: 0,
      openedAt: clock.now,
    },
  })
  await db.personAccount.create({
    data: { accountId: account.id, personId: helper.personId, programmeId: world.programmeId },
  })
  const pointRequest = await db.ledgerRequest.create({
    data: {
      id: randomUUID(),
      programmeId: world.programmeId,
      kind: 'FREEZE',
      accountId: account.id,
      reason: '举报待查',
      beneficiaryId: helper.personId,
      regionPath: village.path,
      askedById: staff.personId,
      askedAt: clock.now,
    },
  })
  const complaint = await db.complaint.create({
    data: {
      ...{ id: randomUUID(), visitId: visit.id, openVisitId: visit.id, helperPersonId: helper.personId },
      ...{ regionPath: village.path, kind: 'manner', openedByPersonId: elder.personId, openedAt: clock.now },
      state: 'open',
    },
  })
  const message = await db.message.create({
    data: {
      ...{ id: randomUUID(), personId: helper.personId, kind: 'giftOffered', regionPath: village.path },
      ...{ state: 'waiting', channel: 'wechat', dueAt: clock.now, createdAt: clock.now },
    },
  })
  const unmasked = await db.exportRequest.create({
    data: {
      ...{ id: randomUUID(), kind: 'elders', regionId: village.id, regionPath: village.path, purpose: '入户核对' },
      ...{
        state: 'asked',
        askedByPersonId: staff.personId,
        askedAt: clock.now,
        expiresAt: addSeconds(clock.now, 3600),
      },
    },
  })
  const kin = await db.kin.create({
    data: {
      id: randomUUID(),
      personId: helper.personId,
      otherPersonId: proxy.personId,
      relation: 'parent',
      pair: 'both',
      regionPath: village.path,
      state: 'declared',
      declaredByPersonId: helper.personId,
      declaredAt: clock.now,
    },
  })
  const gift = await db.gift.create({
    data: {
      id: randomUUID(),
      programmeId: world.programmeId,
      kind: 'gift',
      fromPersonId: helper.personId,
      toPersonId: proxy.personId,
      relation: 'parent',
      milliPoints: 1000n,
      note: '',
      needs: 'staff',
      state: 'waiting',
      regionPath: village.path,
      askedAt: clock.now,
    },
  })
  const granting: SchemeDocument = {
    ...SIMPLE,
    grants: [{ name: '慰问', when: 'age >= 200', milliPoints: 1000, every: 'year', from: 'issuance' }],
  }
  const later = await db.scheme.create({
    data: {
      id: randomUUID(),
      programmeId: world.programmeId,
      regionId: village.id,
      regionPath: village.path,
      version: 1,
      validFrom: '2099-01-01',
      document: JSON.stringify(granting),
      publishedAt: clock.now,
    },
  })
  const grantRound = await db.grantRound.create({
    data: {
      id: randomUUID(),
      programmeId: world.programmeId,
      schemeId: later.id,
      regionPath: village.path,
      name: '慰问',
      period: '2026',
      approvers: 3,
      state: 'waiting',
      proposedAt: clock.now,
    },
  })
  const redemption = await db.redemption.create({
    data: {
      id: randomUUID(),
      personId: helper.personId,
      accountId: account.id,
      programmeId: world.programmeId,
      productId: product.id,
      pointId: point.id,
      regionId: village.id,
      regionPath: village.path,
      priceMilliPoints: 20_000n,
      costFen: 1500,
      state: 'held',
      code: '48271936',
      heldAt: clock.now,
      expiresAt: addSeconds(clock.now, 86_400),
      byPersonId: helper.personId,
    },
  })
  const settlement = await db.settlement.create({
    data: {
      ...{ id: randomUUID(), pointId: point.id, programmeId: world.programmeId, regionPath: village.path },
      ...{ month: '2026-09', pieces: 1, milliPoints: 0n, costFen: 1500n },
      ...{ issuedAt: clock.now, issuedByPersonId: staff.personId },
    },
  })
  const fundLine = await db.fundLine.create({
    data: {
      ...{
        id: randomUUID(),
        regionId: village.id,
        regionPath: village.path,
        year: 2026,
        name: '村集体',
        source: 'other',
      },
      ...{ kinds: '', productIds: '', priority: 9, active: true, budgetFen: 100_000n },
    },
  })
  const fundChange = await db.fundChange.create({
    data: {
      ...{ id: randomUUID(), fundLineId: fundLine.id, regionPath: village.path, terms: JSON.stringify(FUND_TERMS) },
      ...{ reason: '追加', askedById: staff.personId, askedAt: clock.now },
    },
  })
  const certificate = await db.certificate.create({
    data: {
      no: '0123456789ABCDEF',
      askedId: randomUUID(),
      kind: 'service',
      personId: helper.personId,
      regionId: village.id,
      regionPath: village.path,
      countyId: village.countyId as string,
      fromDay: '2026-11-01',
      toDay: '2026-11-22',
      issuedAt: clock.now,
      issuedByPersonId: staff.personId,
      leaf: '{"count":"0","seconds":"0","account":null}',
      annex: '',
    },
  })
  const countyId = village.countyId as string
  const organisation = await db.organisation.create({
    data: {
      ...{ id: randomUUID(), kind: 'canteen', regionId: village.id, regionPath: village.path, countyId },
      ...{ name: '北庄食堂', code: '', address: '', phone: '', openingHours: '', needs: '', active: true },
      ...{ source: 'desk', byPersonId: staff.personId, recordedAt: clock.now },
    },
  })
  const { elders: _, ...atDoor } = await db.visit.findUniqueOrThrow({
    where: { id: visit.id },
    include: { elders: true },
  })
  const siteVisit = await db.visit.create({
    data: { ...atDoor, id: randomUUID(), siteId: organisation.id, counted: false, servedSeconds: 3600 },
  })
  const [bedId = ''] = (
    await issuePlates(
      db,
      world.keys,
      await world.staff('townStaff', places.town),
      { batchId: randomUUID(), plates: [{ kind: 'bed', organisationId: organisation.id, label: '1 床' }] },
      clock.now,
    )
  ).ids
  const bed = await db.plate.findUniqueOrThrow({ where: { id: bedId } })
  const rating = await db.visitRating.create({
    data: {
      ...{ id: randomUUID(), visitId: visit.id, elderId: elder.id, regionPath: village.path, memberId: helper.id },
      ...{ day: visit.day, face: 3, how: 'elder', byPersonId: elder.personId, at: clock.now },
    },
  })
  const memberRecord = await db.memberRecord.create({
    data: {
      ...{ id: randomUUID(), kind: 'skill', memberId: helper.id, regionPath: village.path, countyId },
      ...{ title: '修电器', content: '', seconds: 0, grantedBy: '', number: '', day: '2026-10-01' },
      ...{ source: 'desk', byPersonId: staff.personId, recordedAt: clock.now },
    },
  })
  const creditListing = await db.creditListing.create({
    data: {
      ...{ id: randomUUID(), list: 'black', subjectKind: 'helper', subjectId: helper.personId, countyId },
      ...{ regionPath: village.path, reason: '收了老人的钱', fromDay: '2026-11-01', untilDay: '2027-11-01' },
      ...{ state: 'inForce', proposedByPersonId: elder.personId, proposedAt: clock.now },
      ...{ decidedByPersonId: proxy.personId, decidedAt: clock.now },
    },
  })
  const creditAppeal = await db.creditAppeal.create({
    data: {
      ...{ id: randomUUID(), listingId: creditListing.id, openListingId: creditListing.id, regionPath: village.path },
      ...{ text: '没有收过', byPersonId: helper.personId, at: clock.now, state: 'waiting' },
    },
  })
  const textCheck = await db.textCheck.create({
    data: {
      ...{ id: creditAppeal.id, kind: 'creditAppeal', byPersonId: helper.personId, regionPath: village.path },
      ...{ state: 'review', reason: 'review', dueAt: clock.now, createdAt: clock.now, doneAt: clock.now },
    },
  })
  const regionMap = await db.regionMap.create({
    data: {
      ...{ id: randomUUID(), regionId: village.id, regionPath: village.path, approvalNo: '鲁S(2026)012号' },
      ...{ content: '{}', places: 1, byPersonId: staff.personId, recordedAt: clock.now },
    },
  })
  const correction = await db.recordCorrection.create({
    data: {
      ...{ id: randomUUID(), memberId: helper.id, personId: helper.personId, regionPath: village.path, year: '2026' },
      textSealed: await sealForPerson(db, world.keys, helper.personId, 'record_correction', 'text', '少了一次'),
      ...{ about: 'person', askedAt: clock.now, state: 'open' },
    },
  })
  const pairing = await db.pairing.create({
    data: {
      ...{ id: randomUUID(), elderId: elder.id, memberId: helper.id, regionPath: village.path, agreementNo: '' },
      ...{ sinceDay: '2026-10-01', byPersonId: staff.personId, recordedAt: clock.now },
    },
  })
  const areaEvent = await db.areaEvent.create({
    data: {
      ...{ id: randomUUID(), kind: 'heat', regionId: village.id, regionPath: village.path, note: '', elders: 1 },
      ...{ categories: 'livingAlone', happenedAt: clock.now, byPersonId: staff.personId, recordedAt: clock.now },
    },
  })
  const report = await db.report.create({
    data: {
      ...{ id: randomUUID(), kind: 'month', period: '2026-09', version: 1, state: 'failed' },
      ...{ regionId: village.id, regionPath: village.path, countyId: village.countyId },
      ...{ askedByPersonId: staff.personId, askedAt: clock.now },
    },
  })
  const batch = await db.importBatch.create({
    data: {
      ...{ id: randomUUID(), regionPath: village.path, byPersonId: staff.personId, at: clock.now },
      ...{ fileName: '老人.xlsx', fileHash: 'none', added: 0, updated: 0, skipped: 1, failed: 0 },
    },
  })
  return {
    alarm,
    anomaly,
    complaint,
    creditListing,
    creditAppeal,
    appeal,
    batch,
    report,
    organisation,
    siteVisit,
    bed,
    memberRecord,
    rating,
    pairing,
    correction,
    areaEvent,
    regionMap,
    message,
    textCheck,
    unmasked,
    dataRequest,
    certificate,
    fundLine,
    fundChange,
    settlement,
    village,
    helper,
    elder,
    plate,
    proxy,
    proxyRow,
    invitation,
    tag,
    exit,
    staff,
    staffRole,
    visit,
    order,
    paper,
    paperPicture,
    requirement,
    spotCheck,
    spotItem,
    point,
    product,
    account,
    pointRequest,
    kin,
    gift,
    grantRound,
    redemption,
    service: world.service,
    draft,
    trial,
  }
}

const FUND_TERMS = {
  ...{ name: '村集体', source: 'other', kinds: [], productIds: [], priority: 9, active: true, budgetFen: '200000' },
}

type Row = {
  /** record: outside the scope it isn't there (404) · list: what is outside isn't in it · own: the actor's own things · none: nothing regional */
  about: 'record' | 'list' | 'own' | 'none'
  /** the path's parameters, the query and a body as a staffer would send it */
  path?: (records: Records) => string
  body?: (records: Records, world: World) => unknown
  /** what must not show in a list of another region */
  shows?: (records: Records) => string
  /** what holds below the region it was made for: rules, goods, money, the tree upwards; a region below knows of it */
  holdsBelow?: true
}

const fresh = () => randomUUID()
const NO_ELDERS = Buffer.from('姓名,住址\n').toString('base64')
const person = { name: '于大海', identityKind: 'none', sex: 'male', birthDate: '1950-01-02' }
const elderAt = (suffix: string) => (records: Records) => `/elders/${records.elder.id}${suffix}`
const draftAt = (suffix: string) => (records: Records) => `/scheme-drafts/${records.draft.id}${suffix}`
const ofElder = ({ elder }: Records) => elder.id
const ofVisit = ({ visit }: Records) => visit.id

export const SCOPE: Record<string, Row> = {
  'GET /alarms': { about: 'list', shows: ({ alarm }) => alarm.id },
  'POST /alarms': { about: 'record', body: ({ elder }) => ({ id: fresh(), elderId: elder.id, words: '头晕' }) },
  'POST /alarms/:id/taking': {
    about: 'record',
    path: ({ alarm }) => `/alarms/${alarm.id}/taking`,
    body: () => ({ id: fresh() }),
  },
  'POST /alarms/:id/closing': {
    about: 'record',
    path: ({ alarm }) => `/alarms/${alarm.id}/closing`,
    body: () => ({ id: fresh(), outcome: '送到卫生室了' }),
  },
  'GET /anomalies': { about: 'list', shows: ({ anomaly }) => anomaly.id },
  'POST /anomalies/:id/closing': {
    about: 'record',
    path: ({ anomaly }) => `/anomalies/${anomaly.id}/closing`,
    body: () => ({ id: fresh(), outcome: 'harmless', note: '核对过了' }),
  },
  'GET /manual-share': {
    about: 'record',
    path: ({ village }) => `/manual-share?regionId=${village.id}&month=2026-11`,
  },
  'GET /public/manual-share': {
    about: 'none',
    path: ({ village }) => `/public/manual-share?regionId=${village.id}&month=2026-11`,
  },
  'GET /papers': { about: 'list', shows: ({ paper }) => paper.id },
  'GET /papers/template': { about: 'none' },
  'GET /papers/sheet': { about: 'record', path: ({ elder }) => `/papers/sheet?elderId=${elder.id}&month=2026-11` },
  'POST /papers/check': { about: 'none', body: () => ({ file: NO_ELDERS }) },
  'POST /papers': { about: 'none', body: () => ({ id: fresh(), reason: '没有信号', file: NO_ELDERS }) },
  'GET /papers/:id': { about: 'record', path: ({ paper }) => `/papers/${paper.id}` },
  'POST /papers/:id/pictures': {
    about: 'none',
    path: ({ paper }) => `/papers/${paper.id}/pictures`,
    body: () => ({ id: fresh(), image: ONE_PIXEL }),
  },
  'GET /paper-pictures/:id': { about: 'record', path: ({ paperPicture }) => `/paper-pictures/${paperPicture.id}` },
  'POST /papers/:id/decision': {
    about: 'record',
    path: ({ paper }) => `/papers/${paper.id}/decision`,
    body: () => ({ id: fresh(), outcome: 'rejected', note: '看不清' }),
  },
  'GET /session/identities': { about: 'none' },
  'POST /session/demo': { about: 'none' },
  'POST /session/wechat': { about: 'none' },
  'POST /session/phone': { about: 'none' },
  'POST /session/invited': { about: 'none', body: () => ({}) },
  'POST /session/refresh': { about: 'none' },
  'POST /session/desk': { about: 'none' },
  'POST /session/desk-codes': { about: 'none' },
  'DELETE /session': { about: 'none' },
  'GET /me': { about: 'own' },
  'POST /session/password': { about: 'none' },
  'POST /session/login-setup': { about: 'none' },
  'POST /session/login': { about: 'none' },
  'POST /session/proof': { about: 'none' },
  'GET /sessions': { about: 'own' },
  'POST /sessions/:id/revocation': { about: 'own', path: () => `/sessions/${fresh()}/revocation`, body: () => ({}) },
  'POST /staff/:id/access': {
    about: 'record',
    path: ({ staffRole }) => `/staff/${staffRole.id}/access`,
    body: () => ({ access: 'on', reason: '回来上班' }),
  },
  'POST /staff/:id/login-reset': {
    about: 'record',
    path: ({ staffRole }) => `/staff/${staffRole.id}/login-reset`,
    body: () => ({ reason: '手机丢了' }),
  },
  'POST /staff/:id/sign-out': {
    about: 'record',
    path: ({ staffRole }) => `/staff/${staffRole.id}/sign-out`,
    body: () => ({ reason: '手机丢了' }),
  },
  'GET /me/consents': { about: 'own' },
  'POST /me/consents': { about: 'own' },
  'POST /me/consents/withdrawal': { about: 'own' },
  'GET /me/looks': { about: 'own' },
  'GET /me/copy': { about: 'own' },
  'GET /me/data-requests': { about: 'own' },
  'POST /me/data-requests': { about: 'own' },
  'GET /data-requests': { about: 'list', shows: ({ dataRequest }) => dataRequest.id },
  'POST /data-requests': {
    about: 'record',
    body: ({ elder }) => ({ id: fresh(), elderId: elder.id, kind: 'correct', text: '电话换了' }),
  },
  'POST /data-requests/:id/decision': {
    about: 'record',
    path: ({ dataRequest }) => `/data-requests/${dataRequest.id}/decision`,
    body: () => ({ outcome: 'done', answer: '已改好' }),
  },
  'GET /regions': {
    about: 'list',
    path: ({ village }) => `/regions?q=${encodeURIComponent(village.name)}`,
    shows: ({ village }) => village.id,
  },
  'GET /regions/:id': { about: 'record', holdsBelow: true, path: ({ village }) => `/regions/${village.id}` },
  'GET /regions/:id/map': { about: 'record', path: ({ village }) => `/regions/${village.id}/map` },
  'POST /region-maps': {
    about: 'record',
    body: ({ village }) => ({
      ...{ id: fresh(), regionId: village.id, approvalNo: '鲁S(2026)012号' },
      file: Buffer.from('{"type":"FeatureCollection","features":[]}').toString('base64'),
    }),
  },
  'POST /region-maps/:id/withdrawal': {
    about: 'record',
    path: ({ regionMap }) => `/region-maps/${regionMap.id}/withdrawal`,
  },
  'GET /region-kinds': { about: 'none' },
  'POST /region-kinds': {
    about: 'none',
    body: () => ({ code: `zone${'abcdefgh'[Math.floor(performance.now()) % 8]}`, name: '功能区', level: 4 }),
  },
  'POST /regions': {
    about: 'record',
    body: ({ village }) => ({
      id: fresh(),
      parentId: village.id,
      kind: 'grid',
      code: '999999999999',
      name: '一网格',
      fullName: '第一网格',
      validFrom: '2026-12-01',
    }),
  },
  'POST /regions/:id/versions': {
    about: 'record',
    path: ({ village }) => `/regions/${village.id}/versions`,
    body: () => ({ id: fresh(), validFrom: '2026-12-01', name: '新北庄村' }),
  },
  'POST /regions/:id/closing': {
    about: 'record',
    path: ({ village }) => `/regions/${village.id}/closing`,
    body: () => ({ validTo: '2026-12-31' }),
  },
  'POST /regions/:id/settings': {
    about: 'record',
    path: ({ village }) => `/regions/${village.id}/settings`,
    body: () => ({ id: fresh(), key: 'hotline', value: '0631-2', validFrom: '2026-12-01' }),
  },
  'GET /schemes': { about: 'list', shows: ({ draft }) => draft.id },
  'GET /scheme-schema': { about: 'none' },
  'GET /scheme-presets': { about: 'none' },
  'POST /scheme-checks': { about: 'record', body: ({ village }) => ({ regionId: village.id, document: {} }) },
  'POST /scheme-runs': { about: 'none', body: () => ({ scheme: SIMPLE, file: { people: [], events: [] } }) },
  'POST /scheme-drafts': {
    about: 'record',
    body: ({ village }) => ({ id: fresh(), regionId: village.id, validFrom: '2026-12-01', document: SIMPLE }),
  },
  'GET /scheme-drafts/:id': { about: 'record', path: draftAt('') },
  'PUT /scheme-drafts/:id': {
    about: 'record',
    path: draftAt(''),
    body: () => ({ validFrom: '2026-12-01', document: SIMPLE }),
  },
  'POST /scheme-drafts/:id/submission': { about: 'record', path: draftAt('/submission'), body: () => ({}) },
  'POST /scheme-drafts/:id/return': { about: 'record', path: draftAt('/return'), body: () => ({}) },
  'POST /scheme-drafts/:id/withdrawal': { about: 'record', path: draftAt('/withdrawal'), body: () => ({}) },
  'POST /scheme-drafts/:id/publication': { about: 'record', path: draftAt('/publication'), body: () => ({}) },
  'POST /scheme-trials': {
    about: 'record',
    body: ({ draft }) => ({ id: fresh(), draftId: draft.id, from: '2026-11-01', to: '2026-11-22' }),
  },
  'GET /scheme-trials/:id': { about: 'record', path: ({ trial }) => `/scheme-trials/${trial.id}` },
  'GET /services': { about: 'none' },
  'POST /services': {
    about: 'record',
    body: ({ village }) => ({
      id: fresh(),
      regionId: village.id,
      code: 'another',
      name: '理发',
      icon: 'scissors',
      plannedSeconds: 1800,
      natures: ['volunteer'],
      trainingNeeded: null,
      tierFromAge: null,
      tierBelowAge: null,
      tasks: [],
      sortNo: 1,
      active: true,
    }),
  },
  'PUT /services/:id': {
    about: 'none',
    path: ({ service }) => `/services/${service.id}`,
    body: () => ({
      code: 'cleaning',
      name: '打扫卫生',
      icon: 'broom',
      plannedSeconds: 3600,
      natures: ['volunteer'],
      trainingNeeded: null,
      tierFromAge: null,
      tierBelowAge: null,
      tasks: [],
      sortNo: 1,
      active: true,
    }),
  },
  'GET /members': { about: 'list', shows: ({ helper }) => helper.id },
  'POST /members': {
    about: 'record',
    body: ({ village }) => ({
      id: fresh(),
      regionId: village.id,
      kind: 'volunteer',
      person: { ...person, phone: '15400001111' },
      trainings: [],
      consents: [{ kind: 'service', textVersion: '1', how: 'paper' }],
    }),
  },
  'GET /members/:id': { about: 'record', path: ({ helper }) => `/members/${helper.id}` },
  'POST /members/:id/reveals': {
    about: 'record',
    path: ({ helper }) => `/members/${helper.id}/reveals`,
    body: () => ({ field: 'phone', purpose: '安排服务' }),
  },
  'GET /members/:id/volunteer-record': {
    about: 'record',
    path: ({ helper }) => `/members/${helper.id}/volunteer-record?year=2026`,
  },
  'GET /record-corrections': { about: 'list', shows: ({ correction }) => correction.id },
  'POST /record-corrections': { about: 'own' },
  'POST /record-corrections/:id/decision': {
    about: 'record',
    path: ({ correction }) => `/record-corrections/${correction.id}/decision`,
    body: () => ({ outcome: 'refused', answer: '核对过，没有错' }),
  },
  'GET /exports/volunteer-year': {
    about: 'record',
    path: ({ village }) => `/exports/volunteer-year?year=2026&regionId=${village.id}&format=pdf`,
  },
  'POST /members/:id/state': {
    about: 'record',
    path: ({ helper }) => `/members/${helper.id}/state`,
    body: () => ({ state: 'active', reason: '核对' }),
  },
  'POST /members/:id/trainings': {
    about: 'record',
    path: ({ helper }) => `/members/${helper.id}/trainings`,
    body: () => ({ trainings: [] }),
  },
  'GET /notices': { about: 'own' },
  'GET /notices/unread': { about: 'own' },
  'POST /notices/reading': { about: 'own', body: () => ({}) },
  'POST /notices/:id/reading': { about: 'own', path: () => `/notices/${fresh()}/reading`, body: () => ({}) },
  'GET /messages': { about: 'list', shows: ({ message }) => message.id },
  'GET /texts': { about: 'list', shows: ({ textCheck }) => textCheck.id },
  'POST /texts/:id/decision': {
    about: 'record',
    path: ({ textCheck }) => `/texts/${textCheck.id}/decision`,
    body: () => ({ outcome: 'show' }),
  },
  'GET /messages/counts': {
    about: 'record',
    path: ({ village }) => `/messages/counts?regionId=${village.id}`,
  },
  'GET /message-switches': {
    about: 'record',
    path: ({ village }) => `/message-switches?regionId=${village.id}`,
  },
  'POST /message-switches': {
    about: 'record',
    body: ({ village }) => ({ id: fresh(), regionId: village.id, kind: 'alarm', channel: 'sms', isOn: true }),
  },
  'GET /message-subjects': { about: 'own' },
  'POST /message-grants': {
    about: 'own',
    body: () => ({ id: fresh(), answers: [{ subject: 'help', isAccepted: true }] }),
  },
  'GET /staff': { about: 'list', path: () => '/staff?role=villageStaff', shows: ({ staffRole }) => staffRole.id },
  'POST /staff': {
    about: 'record',
    body: ({ village }) => ({
      id: fresh(),
      regionId: village.id,
      role: 'villageStaff',
      person: { ...person, phone: '15400002222' },
      validFrom: '2026-11-22',
    }),
  },
  'POST /staff/:id/ending': {
    about: 'record',
    path: ({ staffRole }) => `/staff/${staffRole.id}/ending`,
    body: () => ({ validTo: '2026-12-31' }),
  },
  'GET /delegations': { about: 'own', path: () => '/delegations' },
  'GET /staff/:id/stand-ins': { about: 'own', path: ({ staffRole }) => `/staff/${staffRole.id}/stand-ins` },
  'POST /delegations': { about: 'own', path: () => '/delegations', body: () => ({ id: fresh() }) },
  'POST /delegations/:id/ending': { about: 'own', path: () => `/delegations/${fresh()}/ending`, body: () => ({}) },
  'GET /person-merges': { about: 'own', path: () => '/person-merges' },
  'POST /person-merges': {
    about: 'record',
    body: ({ helper, elder }) => ({
      id: fresh(),
      fromPersonId: helper.personId,
      intoPersonId: elder.personId,
      reason: '重复',
    }),
  },
  'POST /person-merges/:id/decision': {
    about: 'own',
    path: () => `/person-merges/${fresh()}/decision`,
    body: () => ({ answer: 'no' }),
  },
  'GET /jobs': { about: 'none' },
  'GET /keys/progress': { about: 'none' },
  'GET /elders': { about: 'list', shows: ofElder },
  'POST /elders': {
    about: 'record',
    body: ({ village }) => ({
      id: fresh(),
      regionId: village.id,
      person,
      address: '北庄村 3号',
      ownPhone: false,
      categories: [],
      contacts: [],
      consents: [{ kind: 'service', textVersion: '1', how: 'paper' }],
    }),
  },
  'GET /elders/mine': { about: 'own' },
  'GET /elders/:id': { about: 'record', path: elderAt('') },
  'PUT /elders/:id': { about: 'record', path: elderAt(''), body: () => ({ ownPhone: true }) },
  'POST /elders/:id/moves': {
    about: 'record',
    path: elderAt('/moves'),
    body: ({ village }) => ({ id: fresh(), regionId: village.id, address: '北庄村 5号', validFrom: '2026-11-22' }),
  },
  'POST /elders/:id/tags': {
    about: 'record',
    path: elderAt('/tags'),
    body: () => ({ id: fresh(), category: 'emptyNest', validFrom: '2026-11-22' }),
  },
  'POST /elders/:id/tags/:tagId/ending': {
    about: 'record',
    path: (records) => elderAt(`/tags/${records.tag.id}/ending`)(records),
    body: () => ({ validTo: '2026-12-31' }),
  },
  'POST /elders/:id/assessments': {
    about: 'record',
    path: elderAt('/assessments'),
    body: () => ({ id: fresh(), assessedDay: '2026-11-01', score: 60, organisation: '县评估中心' }),
  },
  'POST /elders/:id/events': {
    about: 'record',
    path: elderAt('/events'),
    body: () => ({ id: fresh(), kind: 'change', happenedAt: '2026-11-20T01:00:00Z', note: '' }),
  },
  // declared over a town, it is about each of its villages
  'GET /area-events': { about: 'list', holdsBelow: true, shows: ({ areaEvent }) => areaEvent.id },
  'GET /area-events/reach': {
    about: 'record',
    path: ({ village }) => `/area-events/reach?regionId=${village.id}&categories=livingAlone`,
  },
  'GET /area-events/:id/elders': {
    about: 'record',
    holdsBelow: true,
    path: ({ areaEvent }) => `/area-events/${areaEvent.id}/elders`,
  },
  'POST /area-events': {
    about: 'record',
    body: ({ village }) => ({ id: fresh(), regionId: village.id, kind: 'heat', categories: ['livingAlone'] }),
  },
  'POST /elders/:id/exits': {
    about: 'record',
    path: elderAt('/exits'),
    body: () => ({ id: fresh(), kind: 'away', validFrom: '2027-01-01', validTo: '2027-01-02', reason: '走亲戚' }),
  },
  'POST /elders/:id/exits/:exitId/ending': {
    about: 'record',
    path: (records) => elderAt(`/exits/${records.exit.id}/ending`)(records),
    body: () => ({ validTo: '2026-12-31' }),
  },
  'POST /elders/:id/contacts': {
    about: 'record',
    path: elderAt('/contacts'),
    body: () => ({ id: fresh(), relation: '女儿', name: '王丽', phone: '15400003333' }),
  },
  'POST /elders/:id/home-point': {
    about: 'record',
    path: elderAt('/home-point'),
    body: () => ({ place: { lat: 37.1, lon: 122, accuracyMetres: 10, datum: 'WGS-84' } }),
  },
  'POST /elders/:id/consents': {
    about: 'record',
    path: elderAt('/consents'),
    body: () => ({ kind: 'location', textVersion: '1', how: 'paper' }),
  },
  'GET /elders/:id/pin': { about: 'record', path: elderAt('/pin') },
  'PUT /elders/:id/pin': { about: 'record', path: elderAt('/pin'), body: () => ({ id: fresh(), pin: '2580' }) },
  'POST /proxy-invitations': {
    about: 'record',
    body: ({ elder }) => ({ id: fresh(), elderId: elder.id, relation: '女儿', scopes: ['confirm'], paper: ONE_PIXEL }),
  },
  'GET /proxy-invitations/:id': { about: 'record', path: ({ invitation }) => `/proxy-invitations/${invitation.id}` },
  'GET /proxy-invitations/:id/paper': {
    about: 'record',
    path: ({ invitation }) => `/proxy-invitations/${invitation.id}/paper`,
  },
  'POST /proxy-invitations/:id/ending': {
    about: 'record',
    path: ({ invitation }) => `/proxy-invitations/${invitation.id}/ending`,
    body: () => ({}),
  },
  'POST /proxy-invitations/offers': { about: 'none', body: () => ({ code: 'K7M2-9QXD-4TRF' }) },
  'POST /proxy-invitations/acceptances': { about: 'none', body: () => ({ id: fresh(), code: 'K7M2-9QXD-4TRF' }) },
  'GET /elders/:id/proxy-acts': { about: 'record', path: elderAt('/proxy-acts') },
  'POST /elders/:id/reveals': {
    about: 'record',
    path: elderAt('/reveals'),
    body: () => ({ field: 'phone', purpose: '电话回访' }),
  },
  'POST /proxies/:id/revocation': {
    about: 'record',
    path: ({ proxyRow }) => `/proxies/${proxyRow.id}/revocation`,
    body: () => ({}),
  },
  'POST /plates': {
    about: 'record',
    body: ({ elder }) => ({ batchId: fresh(), plates: [{ elderId: elder.id, kind: 'door' }] }),
  },
  'GET /plates': { about: 'list', shows: ({ plate }) => plate.id },
  'GET /imports': { about: 'list', shows: ({ batch }) => batch.id },
  'GET /imports/template': { about: 'none' },
  'POST /imports/check': { about: 'own', body: () => ({ file: NO_ELDERS }) },
  'POST /imports/faults': { about: 'own', body: () => ({ file: NO_ELDERS }) },
  'POST /imports': { about: 'own', body: () => ({ id: fresh(), file: NO_ELDERS, fileName: '老人.csv' }) },
  'POST /imports/:id/undo': { about: 'record', path: ({ batch }) => `/imports/${batch.id}/undo` },
  'GET /pairings': { about: 'list', shows: ({ pairing }) => pairing.id },
  'GET /pairings/mine': { about: 'own' },
  'POST /pairings': {
    about: 'record',
    body: ({ elder, helper }) => ({ id: fresh(), elderId: elder.id, memberId: helper.id, sinceDay: '2026-11-01' }),
  },
  'POST /pairings/:id/agreement': {
    about: 'record',
    path: ({ pairing }) => `/pairings/${pairing.id}/agreement`,
    body: () => ({ agreedDay: '2026-11-20' }),
  },
  'POST /pairings/:id/ending': {
    about: 'record',
    path: ({ pairing }) => `/pairings/${pairing.id}/ending`,
    body: () => ({ endedDay: '2026-11-21', reason: '搬走了' }),
  },
  'GET /organisations': { about: 'list', shows: ({ organisation }) => organisation.id },
  'POST /organisations': {
    about: 'record',
    body: ({ village }) => ({ id: fresh(), regionId: village.id, kind: 'canteen', name: `食堂 ${fresh()}` }),
  },
  'PUT /organisations/:id': {
    about: 'record',
    path: ({ organisation }) => `/organisations/${organisation.id}`,
    body: () => ({ kind: 'canteen', name: '北庄食堂' }),
  },
  'POST /organisations/:id/point': {
    about: 'record',
    path: ({ organisation }) => `/organisations/${organisation.id}/point`,
    body: () => ({ place: { lat: 37, lon: 122.08, accuracyMetres: 10, datum: 'WGS-84' } }),
  },
  'GET /member-records': { about: 'list', shows: ({ memberRecord }) => memberRecord.id },
  'POST /member-records': {
    about: 'record',
    body: ({ helper }) => ({ id: fresh(), kind: 'skill', memberId: helper.id, title: '理发', day: '2026-11-01' }),
  },
  'POST /member-records/:id/withdrawal': {
    about: 'record',
    path: ({ memberRecord }) => `/member-records/${memberRecord.id}/withdrawal`,
    body: () => ({ reason: '记错了' }),
  },
  'GET /plates/sheet': { about: 'record', path: ({ plate }) => `/plates/sheet?ids=${plate.id}` },
  'POST /plates/:id/revocation': {
    about: 'record',
    path: ({ plate }) => `/plates/${plate.id}/revocation`,
    body: () => ({ reason: '丢了' }),
  },
  'POST /plates/:id/replacement': {
    about: 'record',
    path: ({ plate }) => `/plates/${plate.id}/replacement`,
    body: () => ({ batchId: fresh() }),
  },
  'PUT /plates/:id/elder': {
    about: 'record',
    path: ({ bed }) => `/plates/${bed.id}/elder`,
    body: ({ elder }) => ({ elderId: elder.id }),
  },
  'GET /plate-batches': { about: 'list', shows: ({ bed }) => bed.batchId },
  'POST /plate-batches/:id/count': {
    about: 'record',
    path: ({ bed }) => `/plate-batches/${bed.batchId}/count`,
    body: () => ({ id: fresh(), counted: 1 }),
  },
  'POST /plate-batches/:id/loss': {
    about: 'record',
    path: ({ bed }) => `/plate-batches/${bed.batchId}/loss`,
    body: () => ({ reason: '快递丢了' }),
  },
  'POST /scans': { about: 'none', body: ({ plate }) => ({ code: plate.code }) },
  'GET /doors/today': { about: 'own' },
  'POST /screens': { about: 'record', body: ({ elder }) => ({ id: fresh(), elderId: elder.id }) },
  'GET /screens/:id': { about: 'own', path: () => '/screens/00000000000' },
  'POST /screens/:id/closing': { about: 'own', path: () => '/screens/00000000000/closing' },
  'GET /public/plates/:token': { about: 'none', path: () => '/public/plates/unknown' },
  'GET /orders': { about: 'list', shows: ({ order }) => order.id },
  'GET /order-prices': { about: 'record', path: ({ elder }) => `/order-prices?elderId=${elder.id}` },
  'POST /orders/:id/market-service': {
    about: 'record',
    path: ({ order }) => `/orders/${order.id}/market-service`,
    body: () => ({ provider: '家政公司', costFen: 6000 }),
  },
  'GET /orders/open': { about: 'own' },
  'GET /orders/today': { about: 'own' },
  'GET /orders/:id': { about: 'record', path: ({ order }) => `/orders/${order.id}` },
  'POST /orders': {
    about: 'record',
    body: ({ elder, service }) => ({
      id: fresh(),
      elderId: elder.id,
      serviceId: service.id,
      wantedDay: '2026-11-24',
      wantedTime: 'any',
    }),
  },
  'POST /orders/:id/acceptance': {
    about: 'own',
    path: ({ order }) => `/orders/${order.id}/acceptance`,
    body: () => ({}),
  },
  'POST /orders/:id/assignment': {
    about: 'record',
    path: ({ order }) => `/orders/${order.id}/assignment`,
    body: ({ helper }) => ({ memberId: helper.id }),
  },
  'POST /orders/:id/no-show': {
    about: 'record',
    path: ({ order }) => `/orders/${order.id}/no-show`,
    body: () => ({}),
  },
  'POST /orders/:id/giving-back': {
    about: 'own',
    path: ({ order }) => `/orders/${order.id}/giving-back`,
    body: () => ({ reason: 'busy' }),
  },
  'POST /orders/:id/cancellation': {
    about: 'record',
    path: ({ order }) => `/orders/${order.id}/cancellation`,
    body: () => ({ reason: 'notNeeded' }),
  },
  'POST /visits': {
    about: 'own',
    body: ({ plate, elder, service }) => ({
      id: fresh(),
      code: plate.code,
      elderIds: [elder.id],
      serviceId: service.id,
      deviceAt: '2026-11-22T01:00:00Z',
    }),
  },
  'GET /visits/current': { about: 'own' },
  'POST /visits/:id/check-out': {
    about: 'own',
    path: ({ visit }) => `/visits/${visit.id}/check-out`,
    body: () => ({ id: fresh(), tasksDone: [], deviceAt: '2026-11-22T01:00:00Z' }),
  },
  'POST /visits/:id/scans': {
    about: 'own',
    path: ({ visit }) => `/visits/${visit.id}/scans`,
    body: ({ plate }) => ({ id: fresh(), code: plate.code, deviceAt: '2026-11-22T01:00:00Z' }),
  },
  'GET /visits': { about: 'list', shows: ofVisit },
  'GET /visits/mine': { about: 'own' },
  'GET /visits/:id': { about: 'record', path: ({ visit }) => `/visits/${visit.id}` },
  'GET /confirmations': { about: 'own' },
  'GET /confirmations/desk': { about: 'list', shows: ofVisit },
  'GET /confirmations/sites': { about: 'list', shows: ({ siteVisit }) => siteVisit.id },
  'POST /confirmations/sites': {
    about: 'none',
    body: ({ siteVisit }) => ({ id: fresh(), visitIds: [siteVisit.id], answer: 'yes' }),
  },
  'POST /visits/:id/confirmation': {
    about: 'record',
    path: ({ visit }) => `/visits/${visit.id}/confirmation`,
    body: ({ elder }) => ({ id: fresh(), elderId: elder.id, answer: 'yes', how: 'phone' }),
  },
  'GET /ratings': { about: 'list', shows: ({ rating }) => rating.id },
  'GET /ratings/sums': { about: 'none' },
  'POST /visits/:id/rating': {
    about: 'own',
    path: ({ visit }) => `/visits/${visit.id}/rating`,
    body: ({ elder }) => ({ id: fresh(), elderId: elder.id, face: 3 }),
  },
  'POST /visits/:id/calls': {
    about: 'record',
    path: ({ visit }) => `/visits/${visit.id}/calls`,
    body: ({ elder }) => ({ id: fresh(), elderId: elder.id, reached: false }),
  },
  'POST /visits/:id/explanations': {
    about: 'own',
    path: ({ visit }) => `/visits/${visit.id}/explanations`,
    body: () => ({ id: fresh(), code: 'E04', reasonCode: 'quick' }),
  },
  'POST /visits/:id/appeals': {
    about: 'own',
    path: ({ visit }) => `/visits/${visit.id}/appeals`,
    body: () => ({ id: fresh(), reasonCode: 'reallyCame' }),
  },
  'POST /visits/:id/end-correction': {
    about: 'record',
    path: ({ visit }) => `/visits/${visit.id}/end-correction`,
    body: () => ({ id: fresh(), endAt: '2026-11-22T00:30:00Z' }),
  },
  'GET /appeals': { about: 'list', shows: ({ appeal }) => appeal.id },
  'POST /appeals/:id/decision': {
    about: 'record',
    path: ({ appeal }) => `/appeals/${appeal.id}/decision`,
    body: () => ({ id: fresh(), outcome: 'rejected', note: '核对过了' }),
  },
  'GET /visits/:id/pin': { about: 'own', path: ({ visit }) => `/visits/${visit.id}/pin` },
  'POST /visits/:id/pin-confirmation': {
    about: 'own',
    path: ({ visit }) => `/visits/${visit.id}/pin-confirmation`,
    body: ({ elder, plate }) => ({ id: fresh(), elderId: elder.id, code: plate.code, pin: '2580' }),
  },
  'GET /audit/queue': { about: 'list', shows: ofVisit },
  'GET /audit/counts': { about: 'none' },
  'POST /audit/decisions': {
    about: 'none',
    body: ({ visit }) => ({ id: fresh(), decision: 'approve', visitIds: [visit.id], reasonCode: 'allGood' }),
  },
  'GET /audit/dictionary': { about: 'none' },
  'POST /audit/reasons': {
    about: 'none',
    body: () => ({ id: fresh(), kind: 'reason', words: '代替签到', uses: ['return'], needsNote: false }),
  },
  'POST /audit/reason-states': { about: 'none', body: () => ({ id: fresh(), code: 'doubled', active: true }) },
  'GET /audit/calendar': { about: 'none', path: () => '/audit/calendar?year=2026' },
  'POST /audit/holidays': {
    about: 'none',
    body: () => ({ id: fresh(), day: '2027-01-01', kind: 'off', name: '元旦' }),
  },
  'GET /reviewers': { about: 'list', shows: ({ staffRole }) => staffRole.id },
  'POST /reviewers': {
    about: 'record',
    body: ({ staffRole }) => ({ id: fresh(), staffId: staffRole.id, duty: 'verify' }),
  },
  'GET /spot-checks': { about: 'list', shows: ({ spotCheck }) => spotCheck.id },
  'GET /spot-checks/:id': { about: 'record', path: ({ spotCheck }) => `/spot-checks/${spotCheck.id}` },
  'POST /spot-checks': {
    about: 'record',
    body: ({ village }) => ({
      ...{ id: fresh(), regionId: village.id, from: '2026-11-01', to: '2026-11-22' },
      ...{ percent: 10, seedFrom: '开奖号码' },
    }),
  },
  'POST /spot-checks/:id/draw': {
    about: 'record',
    path: ({ spotCheck }) => `/spot-checks/${spotCheck.id}/draw`,
    body: () => ({ id: fresh(), seed: '1' }),
  },
  'POST /spot-items/:id/finding': {
    about: 'record',
    path: ({ spotItem }) => `/spot-items/${spotItem.id}/finding`,
    body: () => ({ id: fresh(), finding: 'asRecorded', note: '' }),
  },
  'GET /requirements': { about: 'list', holdsBelow: true, shows: ({ requirement }) => requirement.id },
  'POST /requirements': {
    about: 'record',
    body: ({ village }) => ({
      id: fresh(),
      regionId: village.id,
      category: 'disabled',
      interval: 'week',
      channels: ['inPerson'],
      minSeconds: 0,
      validFrom: '2026-12-01',
      validTo: null,
    }),
  },
  'POST /requirements/:id/versions': {
    about: 'record',
    path: ({ requirement }) => `/requirements/${requirement.id}/versions`,
    body: () => ({
      ...{ id: fresh(), interval: 'days', intervalLength: 10, channels: ['inPerson'], minSeconds: 0 },
      ...{ natures: ['volunteer'], validFrom: '2026-12-01' },
    }),
  },
  'POST /requirements/:id/ending': {
    about: 'record',
    path: ({ requirement }) => `/requirements/${requirement.id}/ending`,
    body: () => ({ validTo: '2026-12-31' }),
  },
  'GET /coverage': { about: 'record', path: ({ village }) => `/coverage?month=2026-11&regionId=${village.id}` },
  'GET /coverage/elders': { about: 'list', path: () => '/coverage/elders?month=2026-11&state=due', shows: ofElder },
  'GET /plan': { about: 'record', path: ({ village }) => `/plan?regionId=${village.id}` },
  'GET /plan/helpers': { about: 'record', path: ({ village }) => `/plan/helpers?regionId=${village.id}` },
  'GET /hours/helpers': {
    about: 'record',
    path: ({ village }) => `/hours/helpers?month=2026-11&regionId=${village.id}`,
  },
  'GET /hours': { about: 'record', path: ({ village }) => `/hours?month=2026-11&regionId=${village.id}` },
  'GET /points/mine': { about: 'own' },
  'GET /points/mine/entries': { about: 'own' },
  'GET /accounts/:id': { about: 'record', path: ({ account }) => `/accounts/${account.id}` },
  'GET /accounts/:id/kin': { about: 'record', path: ({ account }) => `/accounts/${account.id}/kin` },
  'GET /accounts/:id/entries': { about: 'record', path: ({ account }) => `/accounts/${account.id}/entries` },
  'GET /transactions': { about: 'none' },
  'GET /transactions/:id/explanation': { about: 'own', path: () => `/transactions/${fresh()}/explanation` },
  'GET /points/mine/statement': { about: 'own' },
  'GET /accounts/:id/statement': {
    about: 'record',
    path: ({ account }) => `/accounts/${account.id}/statement?from=2026-11-01&to=2026-11-30`,
  },
  'GET /accounts/:id/balance': { about: 'record', path: ({ account }) => `/accounts/${account.id}/balance` },
  'GET /programmes': { about: 'none' },
  'GET /clearings': { about: 'none' },
  'GET /point-requests': { about: 'list', path: () => '/point-requests', shows: ({ pointRequest }) => pointRequest.id },
  'POST /point-requests': {
    about: 'record',
    path: () => '/point-requests',
    body: ({ account }) => ({ id: fresh(), kind: 'GRANT', accountId: account.id, milliPoints: '5000', reason: '慰问' }),
  },
  'POST /point-imports': {
    about: 'record',
    path: () => '/point-imports',
    body: ({ visit, account }) => ({
      ...{ id: fresh(), programmeId: account.programmeId, totalMilliPoints: '5000', reason: '旧系统的余额' },
      ...{ evidenceHash: 'a'.repeat(64) },
      rows: [{ memberId: visit.memberId, milliPoints: '5000', earnedDay: '2026-01-02', source: '第 1 行' }],
    }),
  },
  'POST /point-requests/:id/decision': {
    about: 'record',
    path: ({ pointRequest }) => `/point-requests/${pointRequest.id}/decision`,
    body: () => ({ decision: 'reject' }),
  },
  'GET /giving/mine': { about: 'own' },
  'GET /complaints': { about: 'list', shows: ({ complaint }) => complaint.id },
  'POST /complaints': {
    about: 'record',
    body: ({ visit }) => ({ id: fresh(), visitId: visit.id, kind: 'other' }),
  },
  'POST /complaints/:id/decision': {
    about: 'record',
    path: ({ complaint }) => `/complaints/${complaint.id}/decision`,
    body: () => ({ id: fresh(), decision: 'dismiss', reason: '问过两边' }),
  },
  'GET /credit': { about: 'list', shows: ({ helper }) => helper.id },
  'GET /credit/mine': { about: 'own' },
  'GET /credit/helpers/:id': { about: 'record', path: ({ helper }) => `/credit/helpers/${helper.id}` },
  'GET /credit/organisations/:id': {
    about: 'record',
    path: ({ organisation }) => `/credit/organisations/${organisation.id}`,
  },
  'GET /credit-rules': { about: 'none' },
  'POST /credit-rules': {
    about: 'none',
    body: () => ({ id: fresh(), validFrom: '2027-01-01', document: STANDARD_CREDIT }),
  },
  'POST /credit-grades': { about: 'none', body: () => ({ id: fresh() }) },
  'GET /credit-listings': { about: 'list', shows: ({ creditListing }) => creditListing.id },
  'POST /credit-listings': {
    about: 'record',
    body: ({ organisation }) => ({
      ...{ id: fresh(), list: 'black', kind: 'organisation', subjectId: organisation.id, reason: '虚报' },
      ...{ fromDay: '2027-01-01', untilDay: '2027-12-31' },
    }),
  },
  'POST /credit-listings/:id/decision': {
    about: 'record',
    path: ({ creditListing }) => `/credit-listings/${creditListing.id}/decision`,
    body: () => ({ id: fresh(), decision: 'list', note: '核实过' }),
  },
  'POST /credit-listings/:id/lifting': {
    about: 'record',
    path: ({ creditListing }) => `/credit-listings/${creditListing.id}/lifting`,
    body: () => ({ id: fresh(), reason: '钱退了' }),
  },
  'POST /credit-listings/:id/appeals': {
    about: 'own',
    path: ({ creditListing }) => `/credit-listings/${creditListing.id}/appeals`,
    body: () => ({ id: fresh(), text: '没有收过' }),
  },
  'POST /credit-appeals/:id/decision': {
    about: 'record',
    path: ({ creditAppeal }) => `/credit-appeals/${creditAppeal.id}/decision`,
    body: () => ({ id: fresh(), outcome: 'rejected', note: '看过' }),
  },
  'GET /kin': { about: 'list', path: () => '/kin', shows: ({ kin }) => kin.id },
  'POST /kin': {
    about: 'own',
    body: () => ({ id: fresh(), relation: 'parent', name: '张建国', phone: '19911112222' }),
  },
  'POST /kin-registrations': {
    about: 'record',
    path: () => '/kin-registrations',
    body: ({ helper, elder }) => ({
      id: fresh(),
      relation: 'friend',
      of: { kind: 'member', id: helper.id },
      to: { kind: 'elder', id: elder.id },
    }),
  },
  'POST /kin/:id/answer': {
    about: 'record',
    path: ({ kin }) => `/kin/${kin.id}/answer`,
    body: () => ({ answer: 'yes' }),
  },
  'POST /kin/:id/end': { about: 'own', path: ({ kin }) => `/kin/${kin.id}/end`, body: () => ({}) },
  'GET /gifts': { about: 'list', path: () => '/gifts', shows: ({ gift }) => gift.id },
  'POST /gifts': { about: 'own', body: () => ({ id: fresh(), to: 'pool', milliPoints: '1000' }) },
  'POST /gifts/:id/answer': {
    about: 'record',
    path: ({ gift }) => `/gifts/${gift.id}/answer`,
    body: () => ({ answer: 'yes' }),
  },
  'POST /gifts/:id/withdrawal': {
    about: 'record',
    path: ({ gift }) => `/gifts/${gift.id}/withdrawal`,
    body: () => ({}),
  },
  'GET /closings/:elderId': { about: 'record', path: ({ elder }) => `/closings/${elder.id}` },
  'POST /closings': {
    about: 'record',
    body: ({ elder }) => ({ id: fresh(), elderId: elder.id, closing: 'death', to: 'pool' }),
  },
  'GET /grant-rounds': { about: 'list', path: () => '/grant-rounds', shows: ({ grantRound }) => grantRound.id },
  'POST /grant-rounds/:id/answer': {
    about: 'record',
    path: ({ grantRound }) => `/grant-rounds/${grantRound.id}/answer`,
    body: () => ({ answer: 'reject' }),
  },
  'GET /catalogue': { about: 'own' },
  'POST /redemptions': {
    about: 'own',
    body: ({ product, point }) => ({ id: fresh(), productId: product.id, pointId: point.id }),
  },
  'GET /redemptions/mine': { about: 'own' },
  'GET /redemptions/:id': { about: 'own', path: ({ redemption }) => `/redemptions/${redemption.id}` },
  'POST /redemptions/:id/cancellation': {
    about: 'own',
    path: ({ redemption }) => `/redemptions/${redemption.id}/cancellation`,
    body: () => ({}),
  },
  'POST /redemptions/look-ups': { about: 'own', body: () => ({ code: '48271936' }) },
  'POST /redemptions/:id/fulfilment': {
    about: 'own',
    path: ({ redemption }) => `/redemptions/${redemption.id}/fulfilment`,
    body: ({ point }) => ({ id: fresh(), pointId: point.id }),
  },
  'POST /redemptions/:id/reversal': {
    about: 'record',
    path: ({ redemption }) => `/redemptions/${redemption.id}/reversal`,
    body: () => ({ id: fresh(), reason: '发错了' }),
  },
  'GET /point-closings': { about: 'record', path: ({ point }) => `/point-closings?pointId=${point.id}` },
  'POST /redemption-points/:id/closings': {
    about: 'own',
    path: ({ point }) => `/redemption-points/${point.id}/closings`,
    body: () => ({ id: fresh(), day: '2026-11-22' }),
  },
  'GET /settlements': {
    about: 'list',
    path: () => '/settlements?month=2026-09',
    shows: ({ settlement }) => settlement.id,
  },
  'POST /redemption-points/:id/settlements': {
    about: 'record',
    path: ({ point }) => `/redemption-points/${point.id}/settlements`,
    body: () => ({ id: fresh(), month: '2026-10' }),
  },
  'POST /settlements/:id/payment': {
    about: 'record',
    path: ({ settlement }) => `/settlements/${settlement.id}/payment`,
    body: () => ({ id: fresh(), paymentNo: '1' }),
  },
  'GET /settlements/:id/statement': {
    about: 'record',
    path: ({ settlement }) => `/settlements/${settlement.id}/statement?format=xlsx`,
  },
  'GET /meals': { about: 'own' },
  'POST /queue-events': { about: 'none', body: () => ({ chainId: fresh(), events: [] }) },
  'POST /field-checks': {
    about: 'record',
    body: ({ plate }) => ({ id: fresh(), code: plate.code, result: 'well' }),
  },
  'GET /field-checks': { about: 'record', path: ({ elder }) => `/field-checks?elderId=${elder.id}` },
  'GET /me/device': { about: 'own' },
  'POST /me/device': { about: 'own', body: () => ({}) },
  'GET /redemptions/:id/origin': {
    about: 'record',
    path: ({ redemption }) => `/redemptions/${redemption.id}/origin`,
  },
  'GET /fund-lines': { about: 'list', holdsBelow: true, shows: ({ fundLine }) => fundLine.id },
  'POST /fund-lines': {
    about: 'record',
    body: ({ village }) => ({ id: fresh(), regionId: village.id, year: 2026, terms: FUND_TERMS, reason: '预算' }),
  },
  'POST /fund-lines/:id/changes': {
    about: 'record',
    path: ({ fundLine }) => `/fund-lines/${fundLine.id}/changes`,
    body: () => ({ id: fresh(), terms: FUND_TERMS, reason: '调整' }),
  },
  'GET /fund-lines/:id/places': {
    about: 'record',
    holdsBelow: true,
    path: ({ fundLine }) => `/fund-lines/${fundLine.id}/places`,
  },
  'GET /fund-changes': { about: 'list', shows: ({ fundChange }) => fundChange.id },
  'POST /fund-changes/:id/decision': {
    about: 'record',
    path: ({ fundChange }) => `/fund-changes/${fundChange.id}/decision`,
    body: () => ({ decision: 'reject' }),
  },
  'GET /fund-cover': { about: 'record', path: ({ village }) => `/fund-cover?regionId=${village.id}` },
  'GET /exports/fund-lines': {
    about: 'list',
    path: () => '/exports/fund-lines?format=csv',
    shows: ({ fundLine }) => fundLine.id,
  },
  'GET /redemptions': { about: 'list', shows: ({ redemption }) => redemption.id },
  'GET /products': { about: 'list', holdsBelow: true, shows: ({ product }) => product.id },
  'POST /products': {
    about: 'record',
    body: ({ village }) => ({
      id: fresh(),
      regionId: village.id,
      name: '肥皂',
      icon: 'soap',
      kind: 'goods',
      description: '',
      priceMilliPoints: '5000',
      costFen: 300,
      holdHours: 24,
      active: true,
    }),
  },
  'PUT /products/:id': {
    about: 'record',
    path: ({ product }) => `/products/${product.id}`,
    body: () => ({
      name: '鸡蛋',
      icon: 'eggs',
      kind: 'goods',
      description: '',
      priceMilliPoints: '20000',
      costFen: 1500,
      holdHours: 24,
      active: true,
    }),
  },
  'POST /products/:id/stock': {
    about: 'record',
    holdsBelow: true,
    path: ({ product }) => `/products/${product.id}/stock`,
    body: ({ point }) => ({ id: fresh(), pointId: point.id, change: 1 }),
  },
  'GET /redemption-points': { about: 'none' },
  'POST /redemption-points': {
    about: 'record',
    body: ({ village }) => ({
      id: fresh(),
      regionId: village.id,
      name: '小卖部',
      address: '村口',
      phone: '0631-3',
      openingHours: '全天',
      active: true,
    }),
  },
  'PUT /redemption-points/:id': {
    about: 'record',
    path: ({ point }) => `/redemption-points/${point.id}`,
    body: () => ({ name: '小卖部', address: '村口', phone: '0631-3', openingHours: '全天', active: true }),
  },
  'GET /dashboard': { about: 'record', path: ({ village }) => `/dashboard?regionId=${village.id}` },
  'GET /operations': { about: 'none' },
  'GET /supply': { about: 'record', path: ({ village }) => `/supply?regionId=${village.id}` },
  'GET /reports': { about: 'list', shows: ({ report }) => report.id },
  'POST /reports': {
    about: 'record',
    body: ({ village }) => ({ id: fresh(), kind: 'month', regionId: village.id, period: '2026-11' }),
  },
  'GET /reports/:id': { about: 'record', path: ({ report }) => `/reports/${report.id}` },
  'GET /reports/:id/elders': { about: 'record', path: ({ report }) => `/reports/${report.id}/elders` },
  'GET /reports/:id/file': { about: 'record', path: ({ report }) => `/reports/${report.id}/file?format=pdf` },
  'POST /reports/:id/signature': { about: 'record', path: ({ report }) => `/reports/${report.id}/signature` },
}
Object.assign(SCOPE, {
  'POST /data-requests/:id/copy': {
    about: 'record',
    path: ({ dataRequest }: Records) => `/data-requests/${dataRequest.id}/copy`,
    body: () => ({}),
  },
  'POST /certificates': {
    about: 'record',
    body: ({ helper }: Records) => ({
      id: fresh(),
      kind: 'service',
      memberId: helper.id,
      from: '2026-11-01',
      to: '2026-11-22',
    }),
  },
  'GET /certificates': { about: 'record', path: ({ helper }: Records) => `/certificates?memberId=${helper.id}` },
  'GET /certificates/:no/pdf': {
    about: 'record',
    path: ({ certificate }: Records) => `/certificates/${certificate.no}/pdf`,
  },
  'GET /certificates/:no/proof': {
    about: 'record',
    path: ({ certificate }: Records) => `/certificates/${certificate.no}/proof`,
  },
  'POST /certificates/:no/revocation': {
    about: 'record',
    path: ({ certificate }: Records) => `/certificates/${certificate.no}/revocation`,
    body: () => ({ reason: 'other' }),
  },
  'GET /public/certificates/:no': {
    about: 'none',
    path: ({ certificate }: Records) => `/public/certificates/${certificate.no}`,
  },
  'GET /public/logs': { about: 'none' },
  'GET /logs/:name/entries/:no': { about: 'none', path: () => '/logs/371003-00000000/entries/0' },
  'GET /audits/last': { about: 'none' },
})
for (const [what, shows] of Object.entries({
  elders: ofElder,
  visits: ofVisit,
  orders: ({ order }: Records) => order.id,
  members: ({ helper }: Records) => helper.id,
  redemptions: ({ redemption }: Records) => redemption.id,
  audit: ofVisit,
  plates: ({ plate }: Records) => plate.serial,
  ratings: ({ rating }: Records) => visitNumber(rating.visitId, rating.day),
  'member-records': ({ memberRecord }: Records) => memberRecord.title,
  organisations: ({ organisation }: Records) => organisation.name,
  operations: ofElder,
})) {
  SCOPE[`GET /exports/${what}`] = { about: 'list', path: () => `/exports/${what}?format=csv`, shows }
}
Object.assign(SCOPE, {
  'GET /unmasked-exports': { about: 'list', shows: ({ unmasked }: Records) => unmasked.id },
  'POST /unmasked-exports': {
    about: 'record',
    body: ({ village }: Records) => ({ id: fresh(), kind: 'elders', regionId: village.id, purpose: '入户核对' }),
  },
  'POST /unmasked-exports/:id/decision': {
    about: 'record',
    path: ({ unmasked }: Records) => `/unmasked-exports/${unmasked.id}/decision`,
    body: () => ({ agreed: false }),
  },
  'POST /unmasked-exports/:id/file': {
    about: 'own',
    path: ({ unmasked }: Records) => `/unmasked-exports/${unmasked.id}/file`,
    body: () => ({}),
  },
})
SCOPE['GET /exports/coverage-elders'] = {
  about: 'none',
  path: () => '/exports/coverage-elders?format=csv&month=2026-11',
}
// pairs and grades say masked names alone: test/report/report.test.ts
for (const what of ['staff', 'products', 'services', 'requirements', 'pairings', 'credit'])
  SCOPE[`GET /exports/${what}`] = { about: 'none', path: () => `/exports/${what}?format=csv` }
SCOPE['GET /exports/entries'] = {
  about: 'record',
  path: ({ account }) => `/exports/entries?format=csv&accountId=${account.id}`,
}
SCOPE['GET /exports/transactions'] = { about: 'none', path: () => '/exports/transactions?format=csv' }
SCOPE['GET /exports/coverage'] = { about: 'none', path: () => '/exports/coverage?format=csv&month=2026-11' }
SCOPE['GET /exports/helper-hours'] = {
  about: 'record',
  path: ({ village }) => `/exports/helper-hours?format=csv&month=2026-11&regionId=${village.id}`,
}
for (const what of ['plan', 'helper-plan'])
  SCOPE[`GET /exports/${what}`] = {
    about: 'record',
    path: ({ village }) => `/exports/${what}?format=csv&regionId=${village.id}`,
  }
SCOPE['GET /exports/hours'] = {
  about: 'record',
  path: ({ village }) => `/exports/hours?format=csv&month=2026-11&regionId=${village.id}`,
}
