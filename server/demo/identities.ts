import { addDays, addSeconds, dayOf, instantOf } from '../../shared/core/time'
import { APART } from '../../shared/session/permissions'
import type { Role } from '../../shared/session/view'
import { ROLE_WORDS } from '../../shared/session/words'
import type { Db } from '../core/db'
import { idFrom } from '../core/ids'
import type { Parts } from '../core/route'
import { addProxy } from '../elder/proxy'
import { issuePlates } from '../plate/issue'
import { addressOfPlate, tokenOfPlate } from '../plate/queries'
import { DEMO_IDENTITIES, type DemoIdentity } from '../session/demo'
import { checkInVisits } from '../visit/check-in'
import { checkOutVisits } from '../visit/check-out'
import { helperActor } from './actors'
import { type Community, elderId } from './community'
import type { DemoElder } from './people'

/** Where the number of a plate is written down that one may type in while there is none on paper. */
export const DEMO_PLATE = 'demoPlate'

/** Whom one can be in the demonstration: neighbours of one village, those who act for them, and staff of every level. */
export async function writeIdentities(parts: Parts, community: Community): Promise<void> {
  const { db } = parts
  const { people, villages, towns, staff, helpers } = community
  const village = villages.find((one) => isWhole(community, one.code)) ?? villages[0]
  const [town] = towns.filter((one) => one.id === village?.parentId)
  if (village === undefined || town === undefined) return
  const here = helpers
    .map((one, index) => ({ ...one, capacity: people.helper(index).capacity }))
    .filter((one) => one.villageCode === village.code)
  const neighbours = eldersOf(community, village.code).map(({ index }) => ({ id: elderId(index), index }))
  const withPhone = neighbours.filter(({ index }) => people.elder(index).ownPhone)
  const tagged = withPhone.find(({ index }) => people.elder(index).categories.length > 0) ?? withPhone[0]
  const withoutPhone = neighbours.find(({ index }) => !people.elder(index).ownPhone) ?? neighbours.at(-1)
  const phone: DemoIdentity[] = []
  const add = (personId: string | undefined, kind: string, kindWord: string) => {
    if (personId !== undefined) phone.push({ id: personId, kind, kindWord, regionName: village.name, app: 'phone' })
  }
  add(here.find((one) => one.capacity === 'volunteer')?.personId, 'volunteer', '志愿者')
  const rich = await richestOf(
    db,
    here.filter((one) => one.capacity === 'neighbourHelper').map((one) => one.personId),
  )
  add(rich, 'neighbourHelper', '睦邻互助员')
  if (tagged !== undefined)
    add((await db.elder.findUniqueOrThrow({ where: { id: tagged.id } })).personId, 'elder', '老人')
  if (withoutPhone !== undefined) add(await proxyFor(parts, community, withoutPhone), 'proxy', '亲友代办')
  const desk = [
    ...[`villageStaff@${village.code}`, `townStaff@${town.code}`, `townAuditor@${town.code}`].map(
      (name) => [name, name.startsWith('village') ? village.name : town.name] as const,
    ),
    ...['countyAdmin', 'cityAdmin', 'auditor', ...APART].map(
      (name) => [name, name === 'cityAdmin' ? '威海市' : community.county.name] as const,
    ),
  ]
  const identities = [
    ...phone,
    ...[`villageStaff@${village.code}`].flatMap((name) =>
      staffIdentity(name, village.name, 'phone', '村工作人员（手机）'),
    ),
    ...['redemptionPoint@0'].flatMap((name) => staffIdentity(name, village.name, 'phone', ROLE_WORDS.redemptionPoint)),
    ...desk.flatMap(([name, place]) => staffIdentity(name, place, 'admin')),
  ]
  await db.meta.create({ data: { key: DEMO_IDENTITIES, value: JSON.stringify(identities) } })
  for (const elder of [tagged, withoutPhone]) if (elder !== undefined) await leaveUnanswered(parts, community, elder)
  if (tagged !== undefined) await giveCard(parts, community, tagged)
  const plate = await db.plate.findFirst({
    where: { kind: 'door', elderId: tagged?.id ?? elderId(0), revokedAt: null },
  })
  if (plate !== null) await db.meta.create({ data: { key: DEMO_PLATE, value: plate.serial } })

  function staffIdentity(name: string, regionName: string, app: 'phone' | 'admin', kindWord?: string): DemoIdentity[] {
    const actor = staff.get(name)
    const role = name.split('@')[0] as Role
    return actor === undefined
      ? []
      : [{ id: actor.personId, kind: role, kindWord: kindWord ?? ROLE_WORDS[role], regionName, app }]
  }
}

/** A village where the whole story can be played: a volunteer, an elder to be visited who has a phone, its own staff. */
/** Who has most points of these: one can try what they buy. */
async function richestOf(db: Db, personIds: readonly string[]): Promise<string | undefined> {
  const accounts = await db.personAccount.findMany({ where: { personId: { in: [...personIds] } } })
  const [first] = await db.ledgerAccount.findMany({
    where: { id: { in: accounts.map((one) => one.accountId) } },
    orderBy: [{ postedMilliPoints: 'desc' }, { id: 'asc' }],
    take: 1,
  })
  return accounts.find((one) => one.accountId === first?.id)?.personId ?? personIds[0]
}

function isWhole(community: Community, villageCode: string): boolean {
  const { people, helpers, staff } = community
  if (!staff.has(`villageStaff@${villageCode}`)) return false
  const volunteers = helpers.some(
    (one, index) => one.villageCode === villageCode && people.helper(index).capacity === 'volunteer',
  )
  return volunteers && eldersOf(community, villageCode).some((one) => one.ownPhone && one.categories.length > 0)
}

/** A village's elders are neighbours in the register too. */
function eldersOf({ people }: Community, villageCode: string): DemoElder[] {
  const found: DemoElder[] = []
  for (let index = 0; index < people.count; index++) {
    const elder = people.elder(index)
    if (elder.villageCode === villageCode) found.push(elder)
    else if (found.length > 0) break
  }
  return found
}

/** A child who works in town acts for the parent who has no phone. */
async function proxyFor(
  { db, config, now }: Parts,
  { people, admin }: Community,
  elder: { id: string; index: number },
): Promise<string> {
  const at = now()
  const person = people.adult(9000 + elder.index)
  await addProxy(
    db,
    config.keys,
    admin,
    elder.id,
    {
      id: idFrom('demo', 'proxy', elder.id),
      relation: person.sex === 'male' ? '儿子' : '女儿',
      scopes: ['confirm', 'ask', 'redeem'],
      person,
      validFrom: dayOf(at),
      validTo: null,
    },
    at,
  )
  return (await db.proxy.findFirstOrThrow({ where: { elderId: elder.id } })).personId
}

/** Somebody came yesterday evening, and nobody has answered yet: there is something to confirm. */
async function leaveUnanswered(
  { db, config, now }: Parts,
  { people, helpers }: Community,
  elder: { id: string; index: number },
): Promise<void> {
  const demo = people.elder(elder.index)
  const [helper] = helpers.filter((one) => one.villageCode === demo.villageCode)
  const plate = await db.plate.findFirst({
    where: { elderId: elderId(demo.householdOf ?? elder.index), kind: 'door', revokedAt: null },
  })
  const row = helper === undefined ? null : await db.member.findUnique({ where: { id: helper.id } })
  const service =
    (await db.service.findFirst({ where: { code: 'companionship' } })) ??
    (await db.service.findFirst({ orderBy: { sortNo: 'asc' } }))
  const token = plate === null ? null : tokenOfPlate(config.keys, plate)
  if (helper === undefined || row === null || service === null || token === null) return
  const actor = helperActor(row, helper.deviceId)
  const code = addressOfPlate(config.publicUrl, 'door', token)
  const begins = instantOf(addDays(dayOf(now()), -1), elder.index % 2 === 0 ? '18:30' : '19:30')
  const ends = addSeconds(begins, 2520)
  const place = { place: { ...demo.homePoint, accuracyMetres: 12, datum: 'WGS-84' as const } }
  const id = idFrom('demo', 'unanswered', elder.id)
  await checkInVisits(db, config.keys, [
    {
      actor,
      at: begins,
      input: { id, code, elderIds: [elder.id], serviceId: service.id, ...place, deviceAt: begins.toISOString() },
    },
  ])
  await checkOutVisits(db, config.keys, [
    {
      actor,
      visitId: id,
      at: ends,
      input: { id: idFrom(id, 'out'), code, ...place, tasksDone: [], deviceAt: ends.toISOString() },
    },
  ])
}

async function giveCard({ db, config, now }: Parts, { admin }: Community, elder: { id: string }): Promise<void> {
  await issuePlates(
    db,
    config.keys,
    admin,
    { batchId: idFrom('demo', 'card', elder.id), plates: [{ elderId: elder.id, kind: 'card' }] },
    now(),
  )
}
