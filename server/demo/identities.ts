import { dayOf } from '../../shared/core/time'
import type { Role } from '../../shared/session/view'
import { ROLE_WORDS } from '../../shared/session/words'
import { idFrom } from '../core/ids'
import type { Parts } from '../core/route'
import { addProxy } from '../elder/proxy'
import { DEMO_IDENTITIES, type DemoIdentity } from '../session/demo'
import { type Community, elderId } from './community'

/** Where the number of a plate is written down that one may type in while there is none on paper. */
export const DEMO_PLATE = 'demoPlate'

/** Whom one can be in the demonstration: neighbours of one village, those who act for them, and staff of every level. */
export async function writeIdentities(parts: Parts, community: Community): Promise<void> {
  const { db } = parts
  const { people, villages, towns, staff, helpers, elders } = community
  const village = villages.find((one) => isWhole(community, one.code)) ?? villages[0]
  const [town] = towns.filter((one) => one.id === village?.parentId)
  if (village === undefined || town === undefined) return
  const here = helpers
    .map((one, index) => ({ ...one, capacity: people.helper(index).capacity }))
    .filter((one) => one.villageCode === village.code)
  const neighbours = elders.filter(({ index }) => people.elder(index).villageCode === village.code)
  const withPhone = neighbours.filter(({ index }) => people.elder(index).ownPhone)
  const tagged = withPhone.find(({ index }) => people.elder(index).categories.length > 0) ?? withPhone[0]
  const withoutPhone = neighbours.find(({ index }) => !people.elder(index).ownPhone) ?? neighbours.at(-1)
  const phone: DemoIdentity[] = []
  const add = (personId: string | undefined, kind: string, kindWord: string) => {
    if (personId !== undefined) phone.push({ id: personId, kind, kindWord, regionName: village.name, app: 'phone' })
  }
  add(here.find((one) => one.capacity === 'volunteer')?.personId, 'volunteer', '志愿者')
  add(here.find((one) => one.capacity === 'neighbourHelper')?.personId, 'neighbourHelper', '睦邻互助员')
  if (tagged !== undefined)
    add((await db.elder.findUniqueOrThrow({ where: { id: tagged.id } })).personId, 'elder', '老人')
  if (withoutPhone !== undefined) add(await proxyFor(parts, community, withoutPhone), 'proxy', '亲友代办')
  const desk = [
    ...[`villageStaff@${village.code}`, `townStaff@${town.code}`, `townAuditor@${town.code}`].map(
      (name) => [name, name.startsWith('village') ? village.name : town.name] as const,
    ),
    ...['countyAdmin', 'cityAdmin', 'auditor'].map(
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
  const plate = await db.plate.findFirst({ where: { elderId: tagged?.id ?? elderId(0), revokedAt: null } })
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
function isWhole({ people, helpers, elders, staff }: Community, villageCode: string): boolean {
  const volunteers = helpers.some(
    (one, index) => one.villageCode === villageCode && people.helper(index).capacity === 'volunteer',
  )
  const asked = elders
    .map(({ index }) => people.elder(index))
    .some((one) => one.villageCode === villageCode && one.ownPhone && one.categories.length > 0)
  return volunteers && asked && staff.has(`villageStaff@${villageCode}`)
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
