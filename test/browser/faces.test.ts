// Every page of both apps as the people see it who may: with axe-core and with the figures axe doesn't know.
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { gradeAll } from '../../server/credit/evaluate'
import { issuanceAccount } from '../../server/ledger/accounts'
import { post } from '../../server/ledger/post'
import { proposeGrants } from '../../server/scheme/grants'
import { REFUSALS, type RefusalCode } from '../../shared/core/refusals'
import { addDays, addSeconds } from '../../shared/core/time'
import type { InvitationView } from '../../shared/elder/view'
import type { Me, Tokens } from '../../shared/session/view'
import { DESK, PHONE } from '../support/apps'
import { launchChromium } from '../support/chromium'
import { type Demo, newDemo } from '../support/demo'
import { newSeed, times } from '../support/long'
import { ADMIN, AXE, auditPage, auditReflow, elderAt, type Figures, STANDARD } from '../support/page-audit'
import { SIMPLE, TODAY } from '../support/world'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Seventy pages take a minute on an idle machine, and several on a busy one. */
const UNHURRIED = { timeout: 900_000 }
const SHOTS = process.env.MULIN_SHOTS

const FACES: Record<string, { elder: boolean; scale: number; figures: Figures }> = {
  标准版: { elder: false, scale: 1, figures: STANDARD },
  长辈版: { elder: true, scale: 1, figures: elderAt(1) },
  长辈版最大: { elder: true, scale: 1.5, figures: elderAt(1.5) },
}

/** Days on which a page has to do without its answers, or without light. `null`: the question never arrives. */
const DAYS: Record<string, { dark?: true; before?: true; answer?: { status: number; code: RefusalCode } | null }> = {
  深色: { dark: true },
  出错: { answer: { status: 500, code: 'INTERNAL' } },
  没有权限: { answer: { status: 403, code: 'NOT_ALLOWED' } },
  断网: { answer: null },
  打开过再断网: { answer: null, before: true },
}

type Who = 'helper' | 'busy' | 'fresh' | 'elder' | 'proxy' | 'staff' | 'counter' | 'nobody'
type Params = Record<string, string>
interface Visit {
  who: Who
  params?: Params
  /** What is special about it. */
  as?: string
}

let demo: Demo
let browser: Browser
let facts: Awaited<ReturnType<typeof liveADay>>
const contexts = new Map<string, BrowserContext>()

beforeAll(async () => {
  demo = await newDemo()
  facts = await liveADay(demo)
  browser = await launchChromium()
}, 180_000)
// Phones that are looked at no more still ask the server now and then.
afterEach(async () => {
  for (const one of contexts.values()) await one.close()
  contexts.clear()
})
afterAll(() => browser?.close())

/** What the pages are about: something asked for, taken, running, done and handed over this morning. */
async function liveADay(demo: Demo) {
  const { ask, db, personOf, plate } = demo
  const done = async <T>(who: { personId: string }, method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await ask<T>(who, method, path, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const [helper, elder, proxy, staff, counter] = [
    personOf('neighbourHelper'),
    personOf('elder'),
    personOf('proxy'),
    personOf('villageStaff'),
    personOf('redemptionPoint'),
  ]
  const me = await done<Me>(elder, 'GET', '/me')
  const elderId = me.elder?.id ?? ''
  const proxied = (await done<Me>(proxy, 'GET', '/me')).proxyOf[0]?.elderId ?? ''
  const { regionId } = await db.elder.findUniqueOrThrow({ where: { id: elderId } })
  const others = await db.member.findMany({ where: { personId: { not: helper.personId } }, orderBy: { id: 'asc' } })
  const hasServed = new Set((await db.visit.findMany()).map((one) => one.memberId))
  const fresh = others.find((one) => !hasServed.has(one.id) && one.regionId !== regionId)
  const busy = others.find((one) => one.id !== fresh?.id)
  if (fresh === undefined || busy === undefined) throw new Error('too few helpers')

  const { id: serviceId } = await db.service.findFirstOrThrow({ where: { active: true, trainingNeeded: null } })
  const wanted = { elderId, serviceId, wantedDay: '2026-11-22', wantedTime: 'afternoon' }
  const [openOrder, takenOrder] = [randomUUID(), randomUUID()]
  await done(elder, 'POST', '/orders', { id: takenOrder, ...wanted })
  await done(helper, 'POST', `/orders/${takenOrder}/acceptance`)
  await done(elder, 'POST', '/orders', { id: openOrder, ...wanted, wantedTime: '15:00' })

  const visitId = randomUUID()
  const door = await db.plate.findFirstOrThrow({ where: { revokedAt: null, kind: 'door', elderId: { not: elderId } } })
  await done(busy, 'POST', '/visits', {
    id: visitId,
    code: door.serial,
    elderIds: [door.elderId],
    serviceId,
    deviceAt: demo.clock.now.toISOString(),
  })
  const finished = await db.visit.findFirstOrThrow({
    where: { member: { personId: helper.personId }, checkOutAt: { not: null } },
    orderBy: { id: 'desc' },
  })
  const waiting = (await done<{ waiting: { visitId: string }[] }>(elder, 'GET', '/confirmations')).waiting.map(
    (one) => one.visitId,
  )
  const product = await db.product.findFirstOrThrow({ orderBy: { priceMilliPoints: 'asc' }, include: { stocks: true } })
  const [held, cancelled] = [randomUUID(), randomUUID()]
  await thank(demo, helper)
  const redeem = (id: string) =>
    done(helper, 'POST', '/redemptions', { id, productId: product.id, pointId: product.stocks[0]?.pointId })
  await redeem(cancelled)
  await done(helper, 'POST', `/redemptions/${cancelled}/cancellation`)
  await redeem(held)
  const { id: memberId } = await db.member.findFirstOrThrow({ where: { personId: helper.personId } })
  const { accountId } = await db.personAccount.findFirstOrThrow({ where: { personId: helper.personId } })
  await offerPoints(demo, { helper, elder })
  const draft = randomUUID()
  const county = await db.region.findFirstOrThrow({ where: { code: '371003' } })
  await done(personOf('countyAdmin', 'admin'), 'POST', '/scheme-drafts', {
    id: draft,
    regionId: county.id,
    validFrom: addDays(TODAY, 30),
    document: SIMPLE,
  })
  const { id: fundLine } = await db.fundLine.findFirstOrThrow({ where: { kinds: '', regionId: county.id } })
  const fundTerms = {
    ...{ name: '福彩公益金', source: 'welfareLottery', kinds: ['meal'], productIds: [], priority: 10, active: true },
    budgetFen: '9000000',
  }
  await done(personOf('countyAdmin', 'admin'), 'POST', `/fund-lines/${fundLine}/changes`, {
    ...{ id: randomUUID(), terms: fundTerms, reason: '年中追加预算' },
  })
  const spotCheck = randomUUID()
  await done(personOf('countyAdmin', 'admin'), 'POST', '/spot-checks', {
    ...{ id: spotCheck, regionId: county.id, from: addDays(TODAY, -20), to: TODAY, percent: 5 },
    seedFrom: '下一期双色球号码',
  })
  await done(personOf('countyAdmin', 'admin'), 'POST', `/spot-checks/${spotCheck}/draw`, {
    ...{ id: randomUUID(), seed: '03 11 17 22 28 31 + 09' },
  })
  const areaEvent = randomUUID()
  await done(personOf('countyAdmin', 'admin'), 'POST', '/area-events', {
    ...{
      id: areaEvent,
      regionId: county.id,
      kind: 'cold',
      categories: ['livingAlone', 'disabled'],
      note: '寒潮蓝色预警',
    },
  })
  const organisation = await gradeDay(demo, memberId, regionId)
  const report = randomUUID()
  await done(personOf('countyAdmin', 'admin'), 'POST', '/reports', {
    ...{ id: report, kind: 'month', regionId, period: '2026-10' },
  })
  const invited = await done<InvitationView>(elder, 'POST', '/proxy-invitations', {
    ...{ id: randomUUID(), elderId, relation: '邻居', scopes: ['confirm', 'ask'] },
  })
  const people = { helper, elder, proxy, staff, counter, fresh, busy }
  const { serial, token } = plate
  return {
    ...people,
    memberId,
    report,
    fundLine,
    spotCheck,
    areaEvent,
    organisation,
    draft,
    accountId,
    regionId,
    elderId,
    proxied,
    openOrder,
    takenOrder,
    finished,
    waiting,
    held,
    cancelled,
    plate: serial,
    token,
    invitation: invited.number,
  }
}

/** Grades of two days ago, a team, and a helper who was put on the black list and is asked to be put on the red one. */
async function gradeDay({ ask, db, clock, personOf }: Demo, memberId: string, regionId: string): Promise<string> {
  const [auditor, admin] = [personOf('townAuditor', 'admin'), personOf('countyAdmin', 'admin')]
  const organisation = randomUUID()
  const body = { code: '', address: '', phone: '', openingHours: '', needs: [], active: true }
  await ask(admin, 'POST', '/organisations', {
    ...{ id: organisation, kind: 'volunteerTeam', regionId, name: '邻里互助一队', ...body },
  })
  await ask(admin, 'POST', '/member-records', {
    ...{ id: randomUUID(), kind: 'team', memberId, organisationId: organisation, title: '队员', content: '' },
    ...{ seconds: 0, grantedBy: '', number: '', day: '2026-01-01', untilDay: null },
  })
  await gradeAll(db, addSeconds(clock.now, -2 * 86_400))
  const listing = { kind: 'helper', subjectId: memberId, fromDay: addDays(TODAY, 1), untilDay: addDays(TODAY, 90) }
  const black = randomUUID()
  await ask(auditor, 'POST', '/credit-listings', { ...listing, id: black, list: 'black', reason: '收了老人的东西' })
  await ask(admin, 'POST', `/credit-listings/${black}/decision`, {
    id: randomUUID(),
    decision: 'list',
    note: '问过两边',
  })
  await ask(admin, 'POST', '/credit-listings', { ...listing, id: randomUUID(), list: 'red', reason: '常年照顾三家' })
  return organisation
}

/** The elder is the helper's relative and is being given points; what the rules grant this month waits for two persons. */
/** The county's thanks: enough to fetch something and to give something away. */
async function thank({ db, clock }: Demo, { personId }: Person): Promise<void> {
  const { accountId } = await db.personAccount.findFirstOrThrow({ where: { personId } })
  const { programmeId } = await db.ledgerAccount.findUniqueOrThrow({ where: { id: accountId } })
  await db.$transaction(async (tx) => {
    const postings = [
      { accountId: await issuanceAccount(tx, programmeId), milliPoints: -20_000n },
      { accountId, milliPoints: 20_000n },
    ]
    const one = {
      id: randomUUID(),
      programmeId,
      kind: 'GRANT' as const,
      refType: 'grant',
      refId: randomUUID(),
      revision: 0,
    }
    await post(tx, [{ ...one, happenedAt: clock.now, byId: 'test', explanation: {}, postings }], clock.now)
  })
}

async function offerPoints({ ask, db, clock }: Demo, { helper, elder }: Record<'helper' | 'elder', Person>) {
  const kin = {
    relation: 'grandparent',
    pair: 'kin',
    regionPath: (await db.member.findFirstOrThrow({ where: helper })).regionPath,
  }
  const both = { personId: helper.personId, otherPersonId: elder.personId }
  const by = { declaredByPersonId: helper.personId, confirmedByPersonId: elder.personId }
  const id = randomUUID()
  const at = { declaredAt: clock.now, confirmedAt: clock.now }
  await db.kin.create({ data: { id, ...kin, ...both, ...by, ...at, state: 'confirmed' } })
  const gift = { id: randomUUID(), to: 'kin', whom: id, milliPoints: '2000' }
  const { status, body } = await ask(helper, 'POST', '/gifts', gift)
  if (status >= 300) throw new Error(JSON.stringify(body))
  await proposeGrants(db, clock.now)
}
type Person = { personId: string }

const personOf = (who: Exclude<Who, 'nobody'>) => facts[who].personId

/** Every page, as whoever may see it; with what it is opened with. */
function visitsOf(): Record<string, Visit[]> {
  const { elderId, proxied, finished, plate, token, openOrder, takenOrder, waiting, held, cancelled, invitation } =
    facts
  return {
    'session/login': [{ who: 'nobody' }],
    'session/device': [{ who: 'helper' }, { who: 'elder' }],
    'order/today': [{ who: 'helper' }, { who: 'busy', as: 'in service' }, { who: 'fresh', as: 'nothing to do' }],
    'order/open': [{ who: 'helper' }, { who: 'fresh', as: 'nothing to do' }],
    'plate/code': [
      { who: 'helper', params: { q: plate } },
      { who: 'helper', params: { q: 'K7M2-9QXD-4TRF' }, as: 'unknown' },
      { who: 'busy', params: { q: plate }, as: 'in service elsewhere' },
      { who: 'staff', params: { q: plate }, as: 'at a door' },
      { who: 'nobody', params: { q: token }, as: 'any camera' },
      { who: 'helper', as: 'without a code' },
    ],
    'plate/screen': [{ who: 'elder' }, { who: 'proxy' }, { who: 'staff', params: { elderId }, as: 'beside the elder' }],
    'visit/current': [{ who: 'busy' }, { who: 'helper', as: 'nothing running' }],
    'visit/summary': [{ who: 'helper', params: { id: finished.id } }],
    'visit/pin': [{ who: 'helper', params: { id: finished.id } }],
    'visit/apart/appeal': [{ who: 'helper', params: { id: finished.id } }],
    'visit/mine': [{ who: 'helper' }, { who: 'fresh', as: 'nothing yet' }],
    'visit/apart/sites': [{ who: 'staff' }],
    'visit/apart/record': [{ who: 'helper' }, { who: 'fresh', as: 'nothing yet' }],
    'visit/detail': [
      { who: 'helper', params: { id: finished.id } },
      { who: 'staff', params: { id: finished.id }, as: 'of the village' },
      { who: 'helper', params: { id: randomUUID() }, as: 'not there' },
    ],
    'ledger/points': [{ who: 'helper' }, { who: 'fresh', as: 'nothing yet' }],
    'certificate/mine': [{ who: 'helper' }],
    'certificate/show': [{ who: 'nobody', params: { no: '0' }, as: 'unknown' }],
    'redemption/catalogue': [{ who: 'helper' }, { who: 'elder', params: { elderId } }],
    'redemption/code': [
      { who: 'helper', params: { id: held } },
      { who: 'helper', params: { id: cancelled }, as: 'cancelled' },
      { who: 'helper', params: { id: randomUUID() }, as: 'not there' },
    ],
    'redemption/mine': [{ who: 'helper' }, { who: 'fresh', as: 'nothing yet' }, { who: 'elder', params: { elderId } }],
    'person/me': [{ who: 'helper' }, { who: 'elder' }, { who: 'proxy' }, { who: 'staff' }, { who: 'counter' }],
    'person/apart/data': [{ who: 'helper' }, { who: 'elder' }, { who: 'fresh', as: 'nothing yet' }],
    'person/help': [{ who: 'helper' }, { who: 'nobody' }],
    'elder/home': [{ who: 'elder' }, { who: 'proxy' }],
    'elder/card': [{ who: 'elder' }, { who: 'proxy' }],
    'elder/apart/pin': [{ who: 'elder' }, { who: 'proxy' }],
    'elder/apart/proxies': [{ who: 'elder' }, { who: 'proxy' }],
    'elder/apart/invite': [{ who: 'elder' }, { who: 'proxy' }],
    'elder/apart/accept': [
      { who: 'busy', params: { q: invitation } },
      { who: 'elder', params: { q: invitation }, as: 'for oneself' },
      { who: 'nobody', params: { q: invitation } },
      { who: 'busy', as: 'without a code' },
    ],
    'visit/confirm': [{ who: 'elder', params: { visitId: waiting[0] ?? '' } }, { who: 'proxy' }],
    'credit/mine': [{ who: 'helper' }],
    'complaint/open': [{ who: 'elder', params: { visitId: finished.id } }],
    'visit/came': [{ who: 'elder' }, { who: 'proxy' }],
    'order/ask': [{ who: 'elder' }, { who: 'proxy' }, { who: 'staff', params: { elderId, name: '王*英' } }],
    'order/asked': [
      { who: 'elder' },
      { who: 'elder', params: { id: openOrder }, as: 'open' },
      { who: 'elder', params: { id: takenOrder }, as: 'taken' },
      { who: 'staff', params: { elderId } },
    ],
    'ledger/apart/give': [{ who: 'helper' }, { who: 'elder' }, { who: 'fresh', as: 'nothing yet' }],
    'ledger/apart/kin': [{ who: 'helper' }, { who: 'elder' }],
    'ledger/apart/closing': [
      { who: 'proxy', params: { elderId: proxied } },
      { who: 'staff', params: { elderId } },
      { who: 'helper', params: { elderId }, as: 'not theirs' },
    ],
    'notice/mine': [{ who: 'helper' }, { who: 'elder' }, { who: 'fresh', as: 'nothing yet' }],
    'ledger/elder-points': [{ who: 'elder' }, { who: 'proxy' }],
    'report/field': [{ who: 'staff' }],
    'elder/list': [{ who: 'staff' }, { who: 'staff', params: { state: 'notVisited' }, as: 'not visited' }],
    'elder/detail': [
      { who: 'staff', params: { id: elderId } },
      { who: 'staff', params: { id: proxied, at: 'door' } },
    ],
    'elder/apart/paired': [{ who: 'helper' }, { who: 'fresh', as: 'nobody yet' }],
    'elder/door': [
      { who: 'staff', params: { q: plate } },
      { who: 'staff', as: 'without a code' },
    ],
    'visit/calls': [{ who: 'staff' }],
    'order/apart/desk': [{ who: 'staff' }, { who: 'staff', params: { id: openOrder }, as: 'one' }],
    'redemption/meals': [{ who: 'counter' }, { who: 'helper', as: 'not for them' }],
    'redemption/closing': [{ who: 'counter' }],
    'queue/waiting': [{ who: 'counter' }],
    'redemption/fulfil': [{ who: 'counter' }, { who: 'counter', params: { q: '12345678' }, as: 'unknown code' }],
  }
}

test('every page of the phone has somebody who sees it', () => {
  expect(Object.keys(visitsOf()).sort()).toEqual(pagesOfThePhone())
})

test.each(Object.keys(FACES))(
  'whoever opens a page of the phone in the %s can read and use it',
  UNHURRIED,
  async (face) => {
    const seen: Record<string, string[]> = {}
    const all = Object.entries(visitsOf()).flatMap(([page, visits]) => visits.map((visit) => ({ page, ...visit })))
    const shown = all.filter((_, place) => isInFace(face, place))
    await inTwoLanes(shown, async ({ page, who, params, as }) => {
      const name = [page, who, as].filter(Boolean).join(' ')
      const problems = await see(who, face, page, params, name)
      if (problems.length > 0) seen[name] = problems
    })
    expect(seen).toEqual({})
  },
)

test.each(Object.keys(DAYS))(
  'on a bad day (%s) a page of the phone says what is the matter and leaves a way on',
  UNHURRIED,
  async (day) => {
    const seen: Record<string, string[]> = {}
    const turn = Object.keys(DAYS).indexOf(day)
    const all = Object.entries(visitsOf()).flatMap(([page, [first]], place) =>
      seenOn(turn, place).map((face) => ({ page, face, ...(first as Visit) })),
    )
    await inTwoLanes(all, async ({ page, face, who, params }) => {
      const problems = await see(who, face, page, params, `${page} ${who}`, day)
      if (problems.length > 0) seen[`${face} ${page}`] = problems
    })
    expect(seen).toEqual({})
  },
)

/** Two look at once, since a page mostly waits; each person's pages stay with one of them, for a person has one phone. */
async function inTwoLanes<T extends { who: string | null }>(all: T[], look: (one: T) => Promise<void>): Promise<void> {
  const lanes: T[][] = [[], []]
  const people = [...new Set(all.map((one) => one.who))].map((who) => all.filter((one) => one.who === who))
  for (const pages of people.sort((a, b) => b.length - a.length))
    lanes.sort((a, b) => a.length - b.length)[0]?.push(...pages)
  await Promise.all(
    lanes.map(async (lane) => {
      for (const one of lane) await look(one)
    }),
  )
}

/** Which pages are looked at in which face, on which day and in which light today: MULIN_SEED looks at the same ones again. */
const SEED = newSeed()
console.log(`faces: MULIN_SEED=${SEED}`)
const EVERYTHING = times(0, 1) > 0

/** Usually every page in the standard face and in one of the elders' two, in the long run in all three. */
function isInFace(face: string, place: number): boolean {
  const elders = Object.keys(FACES).filter((one) => FACES[one]?.elder)
  return EVERYTHING || !elders.includes(face) || elders[(SEED + place) % elders.length] === face
}

/** The faces a page is looked at in on a bad day: usually each page on one of the five days, in the long run all of them. */
function seenOn(day: number, place: number): string[] {
  const faces = Object.keys(FACES)
  if (EVERYTHING) return faces
  const turn = SEED + place
  return turn % Object.keys(DAYS).length === day ? [faces[turn % faces.length] as string] : []
}

/** A phone of somebody's own, in a face: opened once, used for all their pages. */
async function phoneOf(who: Who, face: string, day?: string): Promise<Page> {
  const key = `${who} ${face} ${day}`
  const before = contexts.get(key)
  if (before !== undefined) return before.pages()[0] as Page
  const colorScheme = day !== undefined && DAYS[day]?.dark ? 'dark' : 'light'
  const context = await browser.newContext({
    viewport: PHONE,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    serviceWorkers: 'block',
    colorScheme,
  })
  contexts.set(key, context)
  await context.addInitScript({ content: AXE })
  const { elder, scale } = FACES[face] as (typeof FACES)[string]
  const kept: Record<string, unknown> = { 'mulin.face': { elder, scale } }
  if (who !== 'nobody') {
    const tokens: Tokens = await demo.tokensOf(personOf(who))
    const { body: me } = await demo.ask<Me>(facts[who], 'GET', '/me')
    kept['mulin.session'] = { tokens, me, renewalNonce: null }
  }
  const storage = Object.entries(kept).map(([name, data]) => [name, JSON.stringify({ data })])
  await context.addInitScript((pairs) => {
    for (const [name, value] of pairs) localStorage.setItem(name as string, value as string)
  }, storage)
  const page = await context.newPage()
  count(page)
  return page
}

/** How many questions to the server a page waits for. */
const underWay = new WeakMap<Page, number>()
function count(page: Page): void {
  const add = (step: number) => underWay.set(page, (underWay.get(page) ?? 0) + step)
  page.on('request', () => add(1))
  page.on('requestfinished', () => add(-1))
  page.on('requestfailed', () => add(-1))
}

let turn = 0
async function see(
  who: Who,
  face: string,
  path: string,
  params: Params | undefined,
  name: string,
  day?: string,
): Promise<string[]> {
  const page = await phoneOf(who, face, day)
  const query = params === undefined ? '' : `?${new URLSearchParams(params)}`
  const open = async () => {
    await page.goto(`${demo.base}/?turn=${++turn}#/${path}${query}`)
    await settled(page)
  }
  await page.setViewportSize(PHONE)
  if (day !== undefined && DAYS[day]?.before) await open()
  const unanswered = day === undefined ? () => 0 : await worsen(page, DAYS[day] as Day)
  await open()
  const silent = unanswered() > 0 && !(await page.getByText(TROUBLE).filter({ visible: true }).first().isVisible())
  await page.unroute(ASKED)
  await shoot(page, `${[face, day].filter(Boolean).join(' ')}/${name}`)
  // As tall as the page: what is stuck to the edge covers nothing then.
  await page.setViewportSize({ ...PHONE, height: 4000 })
  const problems = await auditPage(page, FACES[face]?.figures as Figures)
  return [...problems, ...(await auditReflow(page)), ...(silent ? ['says nothing of the trouble'] : [])]
}

type Day = (typeof DAYS)[string]
const ASKED = '**/api/v1/**'
const TROUBLE = new RegExp([REFUSALS.INTERNAL[1], REFUSALS.NOT_ALLOWED[1], '没有网络', '连不上服务器'].join('|'))
/** Who somebody is was known before the trouble began. */
const KNOWN = /\/api\/v1\/(session|me$|notices)/

/** From now on every question of the page is answered as on such a day; counts the questions. */
async function worsen(page: Page, { answer }: Day, isDesk = false): Promise<() => number> {
  let questions = 0
  if (answer !== undefined)
    await page.route(ASKED, (route) => {
      if (isDesk && KNOWN.test(new URL(route.request().url()).pathname)) return route.continue()
      questions++
      if (answer === null) return route.abort('internetdisconnected')
      const { status, code } = answer
      return route.fulfill({ status, json: { code, sentence: REFUSALS[code][1] } })
    })
  return () => questions
}

/** Nothing is under way any more, and everything has come. */
async function settled(page: Page): Promise<void> {
  await page.locator('[role=main], main').filter({ visible: true }).first().waitFor()
  const isQuiet = async () =>
    underWay.get(page) === 0 &&
    (await page.evaluate(
      () => document.querySelector('.loading, .ant-spin-spinning, .ant-skeleton-active, .ant-table-loading') === null,
    ))
  for (let calm = 0; calm < 2; calm = (await isQuiet()) ? calm + 1 : 0) await page.waitForTimeout(40)
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return
  const path = join(SHOTS, `${name.replaceAll('/', '-').replace('-', '/')}.png`)
  mkdirSync(dirname(path), { recursive: true })
  await page.screenshot({ path })
}

function pagesOfThePhone(): string[] {
  const text = readFileSync(join(root, 'miniprogram/src/app.config.ts'), 'utf8')
  const main = [...text.matchAll(/^ {4}'([a-z-]+\/[a-z-]+)',$/gm)].map(([, page]) => page ?? '')
  const apart = [...text.matchAll(/\{ root: '([a-z/-]+)', pages: \[([^\]]+)\] \}/g)]
  const pages = apart.flatMap(([, root, names = '']) => names.match(/[a-z-]+/g)?.map((name) => `${root}/${name}`) ?? [])
  return [...main, ...pages].sort()
}

/** Every page of the desk, as whoever works there; `:id` stands for what is looked at. */
function desksOf(): Record<string, Desk> {
  return {
    '/login': { who: null },
    '/': { who: 'townStaff' },
    '/board': { who: 'countyAdmin' },
    '/find': { who: 'townStaff', query: '?q=w' },
    '/audit': { who: 'townAuditor' },
    '/appeals': { who: 'townAuditor' },
    '/reasons': { who: 'countyAdmin' },
    '/reviewers': { who: 'countyAdmin' },
    '/spot-checks': { who: 'countyAdmin' },
    '/spot-checks/:id': { who: 'countyAdmin', id: facts.spotCheck },
    '/alarms': { who: 'villageStaff' },
    '/anomalies': { who: 'townAuditor' },
    '/manual-share': { who: 'townAuditor' },
    '/complaints': { who: 'townAuditor' },
    '/calls': { who: 'villageStaff' },
    '/site-visits': { who: 'villageStaff' },
    '/elders': { who: 'countyAdmin' },
    '/imports': { who: 'villageStaff' },
    '/elders/new': { who: 'villageStaff' },
    '/elders/:id': { who: 'townStaff', id: facts.elderId },
    '/coverage': { who: 'countyAdmin' },
    '/hours': { who: 'countyAdmin', query: `?region=${facts.regionId}` },
    '/plan': { who: 'townStaff' },
    '/area-events': { who: 'townStaff' },
    '/area-events/:id': { who: 'townStaff', id: facts.areaEvent },
    '/pairings': { who: 'villageStaff' },
    '/supply': { who: 'countyAdmin' },
    '/requirements': { who: 'countyAdmin' },
    '/plates': { who: 'villageStaff' },
    '/screens': { who: 'villageStaff' },
    '/plate-batches': { who: 'townStaff' },
    '/orders': { who: 'villageStaff' },
    '/visits': { who: 'townAuditor' },
    '/papers': { who: 'townStaff' },
    '/papers/new': { who: 'villageStaff' },
    '/members': { who: 'townStaff' },
    '/members/new': { who: 'townStaff' },
    '/members/:id/record': { who: 'townStaff', id: facts.memberId },
    '/members/:id': { who: 'townStaff', id: facts.memberId },
    '/credit': { who: 'countyAdmin' },
    '/credit/lists': { who: 'townAuditor' },
    '/credit/rules': { who: 'countyAdmin' },
    '/credit/helpers/:id': { who: 'townAuditor', id: facts.memberId },
    '/credit/organisations/:id': { who: 'townAuditor', id: facts.organisation },
    '/records': { who: 'townStaff' },
    '/ratings': { who: 'townStaff' },
    '/corrections': { who: 'townStaff' },
    '/organisations': { who: 'townStaff' },
    '/services': { who: 'countyAdmin' },
    '/schemes': { who: 'countyAdmin' },
    '/schemes/:id': { who: 'countyAdmin', id: facts.draft },
    '/ledger': { who: 'auditor' },
    '/point-requests': { who: 'countyAdmin' },
    '/accounts/:id': { who: 'auditor', id: facts.accountId },
    '/products': { who: 'countyAdmin' },
    '/funds': { who: 'countyAdmin' },
    '/funds/:id': { who: 'countyAdmin', id: facts.fundLine },
    '/redemptions': { who: 'countyAdmin' },
    '/settlements': { who: 'countyAdmin', query: '?month=2026-11' },
    '/reports': { who: 'countyAdmin' },
    '/reports/:id': { who: 'countyAdmin', id: facts.report },
    '/unmasked-exports': { who: 'countyAdmin' },
    '/regions': { who: 'countyAdmin' },
    '/staff': { who: 'countyAdmin' },
    '/delegations': { who: 'countyAdmin' },
    '/permissions': { who: 'countyAdmin' },
    '/jobs': { who: 'systemAdmin' },
    '/merges': { who: 'townStaff' },
    '/data-requests': { who: 'countyAdmin' },
    '/security': { who: 'countyAdmin' },
    '/notices': { who: 'countyAdmin' },
    '/messages': { who: 'countyAdmin' },
    '/texts': { who: 'countyAdmin' },
    '/operations': { who: 'auditor' },
  }
}
interface Desk {
  who: 'villageStaff' | 'townStaff' | 'townAuditor' | 'countyAdmin' | 'auditor' | 'systemAdmin' | null
  id?: string
  query?: string
}

test('every page of the desk has somebody who works there', () => {
  expect(Object.keys(desksOf()).sort()).toEqual(pagesOfTheDesk())
})

test('whoever opens a page of the desk, by day or in the dark, can read and use it', UNHURRIED, async () => {
  const seen: Record<string, string[]> = {}
  const lit = (place: number) =>
    EVERYTHING ? LIGHTS : [LIGHTS[(SEED + place) % LIGHTS.length] as (typeof LIGHTS)[number]]
  const visits = Object.entries(desksOf()).flatMap((desk, place) =>
    lit(place).map((light) => ({ light, path: desk[0], ...desk[1] })),
  )
  await inTwoLanes(visits, async ({ light, path, who, id, query = '' }) => {
    const page = await deskOf(who)
    await page.emulateMedia({ colorScheme: light })
    await page.goto(`${demo.base}/admin${path.replace(':id', id ?? '')}${query}`)
    await settled(page)
    await shoot(page, `电脑${light === 'dark' ? ' 深色' : ''}/${path.slice(1).replaceAll('/', '-') || 'home'}`)
    const problems = await auditPage(page, ADMIN)
    if (problems.length > 0) seen[`${light} ${path}`] = problems
  })
  expect(seen).toEqual({})
})

const BAD_DESK_DAYS = ['出错', '没有权限', '断网']

test.each(BAD_DESK_DAYS)(
  'on a bad day (%s) a page of the desk says what is the matter and can still be read and used',
  UNHURRIED,
  async (day) => {
    const seen: Record<string, string[]> = {}
    const turn = BAD_DESK_DAYS.indexOf(day)
    const visits = Object.entries(desksOf()).filter((_, place) => EVERYTHING || (SEED + place) % 6 === turn * 2)
    await inTwoLanes(
      visits.map(([path, desk]) => ({ path, ...desk })),
      async ({ path, who, id, query = '' }) => {
        const page = await deskOf(who)
        const unanswered = await worsen(page, DAYS[day] as Day, true)
        await page.goto(`${demo.base}/admin${path.replace(':id', id ?? '')}${query}`)
        await settled(page)
        // what isn't answered is asked again twice before the page gives up
        const said = page.getByText(TROUBLE).filter({ visible: true }).first()
        const silent =
          unanswered() > 0 &&
          !(await said.waitFor({ timeout: 15_000 }).then(
            () => true,
            () => false,
          ))
        await page.unroute(ASKED)
        await shoot(page, `电脑 ${day}/${path.slice(1).replaceAll('/', '-') || 'home'}`)
        const problems = [...(await auditPage(page, ADMIN)), ...(silent ? ['says nothing of the trouble'] : [])]
        if (problems.length > 0) seen[path] = problems
      },
    )
    expect(seen).toEqual({})
  },
)

const LIGHTS = ['light', 'dark'] as const

async function deskOf(who: Desk['who']): Promise<Page> {
  const key = `desk ${who}`
  const before = contexts.get(key)
  if (before !== undefined) return before.pages()[0] as Page
  const context = await browser.newContext({ viewport: DESK, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
  contexts.set(key, context)
  await context.addInitScript({ content: AXE })
  if (who !== null) {
    const { refreshToken } = await demo.tokensOf(demo.personOf(who, 'admin').personId)
    await context.addInitScript((token) => {
      // Once: from then on the desk keeps the next one itself.
      if (sessionStorage.getItem('mulin.admin.refresh') === null) sessionStorage.setItem('mulin.admin.refresh', token)
    }, refreshToken)
  }
  const page = await context.newPage()
  count(page)
  return page
}

function pagesOfTheDesk(): string[] {
  const text = readFileSync(join(root, 'admin/src/routes.tsx'), 'utf8')
  const below = [...text.matchAll(/path: '([a-z][^'*]*)'/g)].map(([, path]) => `/${path}`)
  return [...below, '/', '/login'].sort()
}
