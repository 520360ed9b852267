import { addDays, addSeconds, dayOf, instantOf } from '../../shared/core/time'
import { BATCH_MAX } from '../../shared/plate/input'
import type { SchemeDocument } from '../../shared/scheme/document'
import { STANDARD_SCHEME } from '../../shared/scheme/standard'
import { APART } from '../../shared/session/permissions'
import type { Role } from '../../shared/session/view'
import type { Actor } from '../core/actor'
import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'
import type { Parts } from '../core/route'
import { gradeAll } from '../credit/evaluate'
import { enrolElders } from '../elder/enrol'
import { addFundLine, decideFundChange } from '../fund/change'
import { enrolMembers } from '../member/enrol'
import { appoint } from '../member/staff'
import { issuePlates } from '../plate/issue'
import { addPoint } from '../redemption/add-point'
import { addProduct } from '../redemption/add-product'
import { readDivision } from '../region/division'
import { importRegions } from '../region/import'
import { addStandardRequirements } from '../requirement/standard'
import { openProgramme, publishScheme } from '../scheme/publish'
import { addStandardServices } from '../service/standard'
import { bindDevices } from '../session/device'
import { addCare } from './care'
import { type Community, elderId, type Progress, type Region } from './community'
import { writeHistory } from './history'
import { writeIdentities } from './identities'
import { type DemoElder, type DemoPeople, demoPeople } from './people'
import { addSites } from './site'

const COUNTY = '371003'
/** 泽头镇 and 泽库镇, where the real pilot began. */
const PILOT_TOWNS = ['371003107', '371003104']
/** Up to here some villages of each town are enough, and three months of history; above, all villages and one month. */
const PILOT_ELDERS_MAX = 5000
/** So many elders for each village that takes part, in a pilot town and in another. */
const ELDERS_A_VILLAGE = { pilot: 60, other: 200 }
const PILOT_VILLAGES_MIN = 3
const CHUNK = BATCH_MAX
const PRODUCTS = [
  {
    code: 'eggs',
    name: '鸡蛋一板',
    icon: 'eggs',
    kind: 'goods',
    description: '本村散养，30 枚',
    points: 20,
    costFen: 1800,
  },
  {
    code: 'rice',
    name: '大米 5 公斤',
    icon: 'rice',
    kind: 'goods',
    description: '当年新米',
    points: 40,
    costFen: 3200,
  },
  { code: 'soap', name: '肥皂两块', icon: 'soap', kind: 'goods', description: '洗衣用', points: 6, costFen: 500 },
  {
    code: 'meal',
    name: '幸福餐桌午餐',
    icon: 'meal',
    kind: 'meal',
    description: '两菜一汤，当天吃',
    points: 12,
    costFen: 1000,
  },
  {
    code: 'haircut',
    name: '理发一次',
    icon: 'scissors',
    kind: 'service',
    description: '每周三上午',
    points: 10,
    costFen: 800,
  },
] as const

/** Fills a database that nobody has used yet with the default community; does nothing to any other. */
export async function seedIfEmpty(parts: Parts): Promise<void> {
  if ((await parts.db.meta.findUnique({ where: { key: 'kind' } })) !== null) return
  console.log('The database is empty: making a demonstration community (once, about half a minute) …')
  await addDemo(parts, { elders: 600, seed: 1 })
}

/**
 * A community made up from a seed, with its history: written by the same verbs as everybody's, with a clock that moves, so
 * that books and rules are as they would be. The same seed on the same day gives the same community.
 */
export async function addDemo(
  parts: Parts,
  asked: { elders: number; seed: number },
  progress: Progress = () => {},
): Promise<Record<string, number>> {
  const { db } = parts
  const today = dayOf(parts.now())
  const isPilot = asked.elders <= PILOT_ELDERS_MAX
  const firstDay = addDays(today, isPilot ? -91 : -30)
  const opening = instantOf(addDays(firstDay, -30), '09:00')
  await db.meta.create({ data: { key: 'kind', value: 'demo' } })
  const all = asked.elders * 2
  const community = await settle(parts, asked, isPilot, opening, (done) => progress(done, all))
  const history = await writeHistory(parts, community, { firstDay, today, seed: asked.seed }, (done, of) =>
    progress(asked.elders + Math.round((done / of) * asked.elders), all),
  )
  await gradeAll(db, addSeconds(parts.now(), -86_400))
  await addCare(parts, community, today)
  await writeIdentities(parts, community)
  if (isPilot) await addSites(parts, community, today)
  return {
    elders: asked.elders,
    helpers: community.helpers.length,
    ...history,
  }
}

/** Regions, programme, rules, staff, helpers, elders, plates and what points buy. */
async function settle(
  parts: Parts,
  asked: { elders: number; seed: number },
  isPilot: boolean,
  at: Date,
  progress: (done: number) => void,
): Promise<Community> {
  const { db } = parts
  await importRegions(db, await readDivision(COUNTY), at)
  const regions = await db.region.findMany({ orderBy: { code: 'asc' } })
  const county = regions.find((one) => one.code === COUNTY) as Region
  // the pilot towns first: the identities one can be live in the first village of 泽头镇
  const towns = regions
    .filter((one) => one.parentId === county.id)
    .sort((a, b) => pilotRank(a) - pilotRank(b) || (a.code < b.code ? -1 : 1))
  const villages = towns.flatMap((town) => {
    const own = regions.filter((one) => one.parentId === town.id)
    return isPilot ? own.slice(0, villagesOf(town, asked.elders)) : own
  })
  const people = demoPeople(asked.seed, villages, asked.elders, dayOf(parts.now()))
  await db.$transaction((tx) => layFoundations(tx, county, at), { timeout: 120_000 })
  const city = regions.find((one) => one.id === county.parentId) as Region
  const { staff, points, products } = await employ(
    parts,
    { county, city, towns, villages, people, everyVillage: isPilot },
    at,
  )
  const admin = staff.get('countyAdmin') as Actor
  const helpers = await enlist(
    parts,
    { villages, people, count: villages.length + Math.ceil(asked.elders / 15), admin },
    at,
  )
  await enrol(parts, { villages, people, admin }, at, progress)
  const served = isPilot ? () => true : (elder: DemoElder) => elder.categories.length > 0
  return { county, villages, towns, people, admin, staff, served, helpers, points, products }
}

/** 0 and 1 for the pilot towns, 2 for all others. */
function pilotRank({ code }: Region): number {
  const place = PILOT_TOWNS.indexOf(code)
  return place < 0 ? PILOT_TOWNS.length : place
}

/** Every town takes part, the pilot towns with most of it. */
function villagesOf(town: Region, elders: number): number {
  // a street's communities are four times as big
  if (town.kind === 'street') return 1
  return pilotRank(town) < PILOT_TOWNS.length
    ? Math.max(PILOT_VILLAGES_MIN, Math.floor(elders / ELDERS_A_VILLAGE.pilot))
    : Math.ceil(elders / ELDERS_A_VILLAGE.other)
}

/** The standard rules, and what people do with their points: made up, like everything here. */
const DEMO_SCHEME: SchemeDocument = {
  ...STANDARD_SCHEME,
  transfer: {
    relations: ['spouse', 'parent', 'grandparent', 'child', 'grandchild', 'sibling'],
    approval: 'recipient',
    yearMilliPointsMax: 500_000,
  },
  donate: { to: ['pool', 'elder'], milliPointsMin: 1000, priority: ['age >= 80', 'age >= 70'] },
  grants: [
    {
      name: '高龄独居慰问',
      when: 'age >= 80 and categories has livingAlone',
      milliPoints: 10_000,
      every: 'month',
      from: 'issuance',
    },
  ],
}

async function layFoundations(tx: Tx, county: Region, at: Date): Promise<void> {
  const programme = await openProgramme(tx, { regionId: county.id, code: 'mulin', name: '睦邻互助积分养老' })
  const validFrom = dayOf(at)
  await publishScheme(
    tx,
    {
      programmeId: programme.id,
      regionId: county.id,
      regionPath: county.path,
      validFrom,
      document: DEMO_SCHEME,
      byPersonId: null,
    },
    at,
  )
  await addStandardServices(tx, county.id)
  await addStandardRequirements(tx, county.id, at)
  for (const [key, value] of Object.entries({ agencyName: '文登区睦邻互助服务中心', hotline: '0631-12349' })) {
    await tx.setting.create({
      data: {
        id: idFrom('demo', 'setting', key),
        regionId: county.id,
        key,
        version: 1,
        validFrom,
        value: JSON.stringify(value),
        byPersonId: null,
        recordedAt: at,
      },
    })
  }
}

type Employment = {
  county: Region
  city: Region
  towns: Region[]
  villages: Region[]
  people: DemoPeople
  everyVillage: boolean
}

/** Staff of every level, two redemption points with somebody behind the counter, and what they hand over. */
async function employ(
  parts: Parts,
  { county, city, towns, villages, people, everyVillage }: Employment,
  at: Date,
): Promise<Pick<Community, 'staff' | 'points' | 'products'>> {
  const { db, config } = parts
  const [firstVillage] = villages
  const [, secondTown] = towns
  if (firstVillage === undefined || secondTown === undefined) throw new Error('no villages to settle in')
  const staff = new Map<string, Actor>()
  let index = 0
  const hire = async (name: string, role: Role, region: Region, redemptionPointId?: string) => {
    const person = people.adult(index++)
    const id = idFrom('demo', 'role', name)
    const { personId } = await db.$transaction((tx) =>
      appoint(
        tx,
        config.keys,
        {
          id,
          role,
          regionId: region.id,
          person,
          validFrom: dayOf(at),
          ...(redemptionPointId === undefined ? {} : { redemptionPointId }),
        },
        at,
      ),
    )
    staff.set(name, actorOf(personId, role, region, redemptionPointId ?? null))
  }
  await hire('countyAdmin', 'countyAdmin', county)
  await hire('cityAdmin', 'cityAdmin', city)
  await hire('auditor', 'auditor', county)
  for (const town of towns) {
    await hire(`townStaff@${town.code}`, 'townStaff', town)
    await hire(`townAuditor@${town.code}`, 'townAuditor', town)
  }
  for (const village of everyVillage ? villages : [firstVillage])
    await hire(`villageStaff@${village.code}`, 'villageStaff', village)
  const admin = staff.get('countyAdmin') as Actor
  const points: Community['points'] = []
  for (const [place, { region, name }] of [
    { region: firstVillage, name: `${firstVillage.name}幸福餐桌` },
    { region: secondTown, name: `${secondTown.name}爱心小铺` },
  ].entries()) {
    const id = idFrom('demo', 'point', name)
    await addPoint(
      db,
      admin,
      {
        id,
        regionId: region.id,
        name,
        address: `${region.name}便民服务中心一楼`,
        phone: '0631-8000000',
        openingHours: '每天 8:00–17:00',
        active: true,
      },
      at,
    )
    points.push({ id, region })
    await hire(`redemptionPoint@${place}`, 'redemptionPoint', region, id)
  }
  for (const role of APART) await hire(role, role, county)
  const products: Community['products'] = []
  for (const { code, points: price, ...product } of PRODUCTS) {
    const id = idFrom('demo', 'product', code)
    await addProduct(
      db,
      admin,
      {
        id,
        regionId: county.id,
        ...product,
        priceMilliPoints: String(price * 1000),
        holdHours: product.kind === 'meal' ? 24 : 72,
        mostAtOnce: 1,
        mealTime: product.kind === 'meal' ? 'lunch' : null,
        whoRule: '',
        active: true,
      },
      at,
    )
    products.push({ id })
  }
  await hire('countyFinance', 'countyAdmin', county)
  await fundAll(parts, { county, towns, staff }, at)
  return { staff, points, products }
}

/** Money for each year of the demonstration: the county's, a donation for meals, and one town's own. One asks, another agrees. */
async function fundAll(
  { db, now }: Parts,
  { county, towns, staff }: { county: Region; towns: Region[]; staff: Map<string, Actor> },
  at: Date,
): Promise<void> {
  const [admin, finance] = [staff.get('countyAdmin') as Actor, staff.get('countyFinance') as Actor]
  const lines = [
    {
      code: 'county',
      region: county,
      name: '福彩公益金',
      source: 'welfareLottery',
      kinds: [],
      yuan: 60_000,
      priority: 10,
    },
    {
      code: 'meals',
      region: county,
      name: '爱心餐捐款',
      source: 'donation',
      kinds: ['meal'],
      yuan: 20_000,
      priority: 5,
    },
    {
      code: 'town',
      region: towns[0] ?? county,
      name: '孝善基金',
      source: 'filialFund',
      kinds: [],
      yuan: 8_000,
      priority: 3,
    },
  ] as const
  for (let year = Number(dayOf(at).slice(0, 4)); year <= Number(dayOf(now()).slice(0, 4)); year++)
    for (const { code, region, name, source, kinds, yuan, priority } of lines) {
      const id = idFrom('demo', 'fund', code, String(year))
      const terms = { name, source, kinds: [...kinds], productIds: [], priority, active: true, budgetFen: `${yuan}00` }
      await addFundLine(db, admin, { id, regionId: region.id, year, terms, reason: `${year} 年预算` }, at)
      await decideFundChange(db, finance, id, { decision: 'approve', reason: '' }, at)
    }
}

async function enlist(
  parts: Parts,
  given: { villages: Region[]; people: DemoPeople; count: number; admin: Actor },
  at: Date,
): Promise<Community['helpers']> {
  const { db, config } = parts
  const regionOf = new Map(given.villages.map((one) => [one.code, one.id]))
  const helpers: Community['helpers'] = []
  for (let from = 0; from < given.count; from += CHUNK) {
    const chunk = Array.from({ length: Math.min(CHUNK, given.count - from) }, (_, step) =>
      given.people.helper(from + step),
    )
    const inputs = chunk.map(({ index, villageCode, capacity, person }) => ({
      id: idFrom('demo', 'helper', String(index)),
      regionId: regionOf.get(villageCode) as string,
      kind: capacity,
      person,
      trainings: index % 3 === 0 ? ['助浴', '康复'] : [],
      consents: consents(false),
    }))
    await enrolMembers(db, config.keys, given.admin, inputs, { id: idFrom('demo', 'helpers', String(from)) }, at)
    const rows = new Map(
      (await db.member.findMany({ where: { id: { in: inputs.map((one) => one.id) } } })).map((row) => [row.id, row]),
    )
    const enlisted = inputs.map(({ id }, step) => {
      const personId = rows.get(id)?.personId as string
      return {
        id,
        personId,
        deviceId: idFrom('demo', 'device', personId),
        villageCode: chunk[step]?.villageCode as string,
      }
    })
    await db.$transaction((tx) => bindDevices(tx, enlisted, at))
    helpers.push(...enlisted)
  }
  return helpers
}

async function enrol(
  parts: Parts,
  given: { villages: Region[]; people: DemoPeople; admin: Actor },
  at: Date,
  progress: (done: number) => void,
): Promise<void> {
  const { db, config } = parts
  const regionOf = new Map(given.villages.map((one) => [one.code, one.id]))
  for (let from = 0; from < given.people.count; from += CHUNK) {
    const chunk = Array.from({ length: Math.min(CHUNK, given.people.count - from) }, (_, step) =>
      given.people.elder(from + step),
    )
    const inputs = chunk.map((one) => ({
      id: elderId(one.index),
      regionId: regionOf.get(one.villageCode) as string,
      person: one.person,
      address: one.address,
      ownPhone: one.ownPhone,
      ...(one.householdOf === null ? {} : { householdOf: elderId(one.householdOf) }),
      categories: one.categories.map((tag) => ({ id: idFrom('demo', 'tag', String(one.index), tag.category), ...tag })),
      contacts: one.contacts.map((contact, place) => ({
        id: idFrom('demo', 'contact', String(one.index), String(place)),
        ...contact,
      })),
      consents: consents(true),
      homePoint: one.homePoint,
      anotherPerson: true,
    }))
    await enrolElders(db, config.keys, given.admin, inputs, { id: idFrom('demo', 'elders', String(from)) }, at)
    await issuePlates(
      db,
      config.keys,
      given.admin,
      {
        batchId: idFrom('demo', 'plates', String(from)),
        plates: chunk
          .filter((one) => one.householdOf === null)
          .map((one) => ({ elderId: elderId(one.index), kind: 'door' as const })),
      },
      at,
    )
    progress(from + chunk.length)
  }
}

function consents(isElder: boolean) {
  const kinds = isElder
    ? (['service', 'identity', 'health', 'location'] as const)
    : (['service', 'identity', 'location'] as const)
  return kinds.map((kind) => ({ kind, textVersion: '2026-01', how: 'paper' as const }))
}

/** Staff as the API would see them: the history is written with their own powers. */
function actorOf(personId: string, role: Role, region: Region, redemptionPointId: string | null): Actor {
  return {
    personId,
    sessionId: 'demo',
    deviceId: null,
    roles: [{ role, regionId: region.id, regionPath: region.path, redemptionPointId, duty: '' }],
    member: null,
    elder: null,
    proxyOf: [],
    how: 'demo',
    provedAt: null,
    requestId: 'demo',
  }
}
